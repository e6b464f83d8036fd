//! Two wallet companies side by side: each phone hears its own network, and none is compiled in.

use domain::wire::Network;
use testkit::{Cast, Visitor, town::TAKES_CARDS};
use tillsight::{
    PlanListener, SignalProblem, WalletError,
    plan::{BeaconMode, Platform, ScanFilter, SensingPlan, SensingPolicy},
    screen::Place,
    sensed::BeaconReport,
};
use uuid::Uuid;

use std::sync::{Arc, Mutex, mpsc};

fn corner() -> Network {
    Network::new("Corner Pay", Uuid::from_u128(0xc0), "pay.corner.example", "#00aa77").unwrap()
}

fn heard(phone: &Visitor, bytes: Vec<u8>) -> Result<(), WalletError> {
    let (rssi_dbm, heard_at_ms) = (-60, phone.now_ms());
    let report = BeaconReport::Advertisement { bytes, rssi_dbm, heard_at_ms };
    phone.wallet.sense_beacon(report).map(drop)
}

fn problem(refused: Result<(), WalletError>) -> Option<SignalProblem> {
    match refused {
        Ok(()) => None,
        Err(WalletError::Signal { problem, .. }) => Some(problem),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn each_phone_hears_its_own_networks_beacons_and_reads_its_own_links_alone() {
    let casts = [Cast::assemble(), Cast::of_network(corner())];
    let signs = casts.each_ref().map(|cast| cast.sign(&TAKES_CARDS));
    assert_eq!(signs[1].sign().network, corner(), "what would the sheet say?");
    for (own, cast) in casts.iter().enumerate() {
        let phone = cast.phone();
        for (of, sign) in signs.iter().enumerate() {
            let foreign = Some(SignalProblem::FrameForeign).filter(|_| of != own);
            assert_eq!(problem(heard(&phone, sign.beacon_advert())), foreign, "{own} of {of}");
            let scanned = phone.wallet.sense_text(sign.sign().url.clone()).map(drop);
            let foreign = Some(SignalProblem::TextNoStoreCode).filter(|_| of != own);
            assert_eq!(problem(scanned), foreign, "{own} of {of}");
        }
        let screen = phone.hear(&signs[own]);
        assert!(matches!(screen.place, Place::Here), "{own}: {:?}", screen.place);
    }
}

/// Each plan as it is told.
struct Plans(Mutex<mpsc::Sender<SensingPlan>>);

impl PlanListener for Plans {
    fn on_plan(&self, plan: SensingPlan) {
        // Nobody listens any more once the test is over.
        let _ = self.0.lock().unwrap().send(plan);
    }
}

#[test]
fn a_new_phone_listens_for_beacons_once_the_server_said_which_and_knows_it_when_it_is_off() {
    let mut cast = Cast::of_network(corner());
    let phone = cast.strangers_phone();
    let (tell, told) = mpsc::channel();
    let listen = |phone: &Visitor, tell| {
        let listener = Arc::new(Plans(Mutex::new(tell)));
        let (policy, platform) = (SensingPolicy::Always, Platform::Android);
        phone.wallet.set_plan_listener(policy, platform, Some(listener)).unwrap();
    };
    listen(&phone, tell);
    let first = told.recv().unwrap();
    assert_eq!((first.beacons, &*first.region_uuid), (BeaconMode::Off, ""));
    phone.wallet.prefetch(TAKES_CARDS.lat, TAKES_CARDS.lon).unwrap();
    let plan = told.recv().unwrap();
    let uuid = corner().beacon_uuid();
    assert_eq!((plan.beacons, plan.region_uuid), (BeaconMode::Watch, uuid.to_string()));
    let ScanFilter::Manufacturer { data, .. } = &plan.filters[0] else { panic!() };
    assert_eq!(&data[2..], uuid.as_bytes());

    let files = phone.switch_off();
    cast.stop_wallet_server();
    let phone = cast.phone_in(files);
    let (tell, told) = mpsc::channel();
    listen(&phone, tell);
    assert_eq!(told.recv().unwrap().region_uuid, uuid.to_string());
}
