//! What the vectors do not say: writing, power, hostile bytes.

use proptest::prelude::*;
use signs::frame::*;
use uuid::Uuid;

fn frame_of(advert: &[u8]) -> Result<Frame<'_>, Refusal> {
    read_advert(advert, Mode::Strict).frame
}

#[test]
fn a_second_structure_of_the_same_company_is_not_lost() {
    let beacon =
        IBeacon { uuid: Uuid::from_u128(5), major: 1, minor: 2, power: UncheckedPower(-59) };
    let mut advert = vec![0x04, 0xff, 0x4c, 0x00, 0x01];
    advert.extend(beacon.advert().into_iter().skip(3));
    assert_eq!(frame_of(&advert), Ok(Frame::IBeacon(beacon)));
}

#[test]
fn a_scan_response_is_read_though_padding_ends_the_advertisement() {
    let frame = EddystoneEid { power: UncheckedPower(-20), eid: *b"ephemera" };
    let mut record = vec![0x02, 0x01, 0x06];
    record.resize(31, 0);
    record.extend(frame.advert().into_iter().skip(3));
    record.resize(62, 0);
    let read = read_android_record(&record, Mode::Strict);
    assert_eq!(read, Reading { frame: Ok(Frame::EddystoneEid(frame)), overrun: false });
    assert_eq!(frame_of(&record), Err(Refusal::NoKnownFormat));
}

#[test]
fn power_that_is_no_measurement_is_not_used() {
    let at_1m = |dbm| UncheckedPower(dbm).at_1m_dbm();
    assert_eq!(
        [-59, -100, 20, 0, -101, 21, 127, -128].map(at_1m),
        [Some(-59), Some(-100), Some(20), None, None, None, None, None]
    );
    let from_0m = |dbm| UncheckedPower(dbm).at_1m_from_0m_dbm();
    assert_eq!(
        [-18, 0, 20, -87, -88, -101, 21, 127].map(from_0m),
        [Some(-59), Some(-41), Some(-21), Some(-128), None, None, None, None]
    );
}

#[test]
fn an_identity_of_zeros_is_unset() {
    let uid = |last| {
        Frame::EddystoneUid(EddystoneUid {
            power: UncheckedPower(0),
            namespace: [0; 10],
            instance: [0, 0, 0, 0, 0, last],
        })
    };
    assert!(uid(0).is_unset());
    assert!(!uid(1).is_unset());
}

#[test]
fn each_format_refuses_one_byte_more_and_one_byte_less() {
    let uid = EddystoneUid { power: UncheckedPower(0), namespace: [1; 10], instance: [2; 6] };
    let eid = EddystoneEid { power: UncheckedPower(0), eid: [3; 8] };
    let tlm = EddystoneTlm { battery_mv: 1, temperature_raw: 2, adverts: 3, uptime_ds: 4 };
    let sealed = EncryptedTlm { cipher: [4; 12], salt: [5; 2], mic: [6; 2] };
    for (data, refusal) in [
        (uid.service_data(), Refusal::UidLength),
        (eid.service_data(), Refusal::EidLength),
        (tlm.service_data(), Refusal::TlmLength),
        (sealed.service_data(), Refusal::EtlmLength),
    ] {
        let longer = [&data[..], &[0]].concat();
        for wrong in [&data[..data.len() - 1], &longer] {
            for mode in [Mode::Strict, Mode::Lenient] {
                assert_eq!(read_service_data(EDDYSTONE_SERVICE, wrong, mode), Err(refusal));
            }
        }
        assert!(read_service_data(EDDYSTONE_SERVICE, &data, Mode::Strict).is_ok());
        assert_eq!(read_service_data(0xfed8, &data, Mode::Strict), Err(Refusal::NoKnownFormat));
    }
    let legacy = &uid.service_data()[..18];
    let read = read_service_data(EDDYSTONE_SERVICE, legacy, Mode::Strict);
    assert_eq!(read, Ok(Frame::EddystoneUid(uid)));
}

#[test]
fn an_altbeacon_without_its_reserved_byte_is_read_in_the_lenient_mode_only() {
    let beacon =
        AltBeacon { company_id: 0x0118, id: [7; 20], power: UncheckedPower(-60), reserved: None };
    let short = &beacon.manufacturer_data()[..23];
    let read = |mode| read_manufacturer_data(0x0118, short, mode);
    assert_eq!(read(Mode::Strict), Err(Refusal::AltBeaconLength));
    assert_eq!(read(Mode::Lenient), Ok(Frame::AltBeacon(beacon)));
    let shorter = read_manufacturer_data(0x0118, &short[..22], Mode::Lenient);
    assert_eq!(shorter, Err(Refusal::AltBeaconLength), "the identity must be whole");
}

#[test]
fn an_eddystone_frame_type_with_reserved_bits_is_refused() {
    for frame_type in [0x01, 0x0f, 0x11, 0x31, 0x40, 0xff] {
        let data = [&[frame_type][..], &[0; 19]].concat();
        let read = read_service_data(EDDYSTONE_SERVICE, &data, Mode::Lenient);
        assert_eq!(read, Err(Refusal::FrameType), "{frame_type:#04x}");
    }
}

#[test]
fn a_link_that_does_not_fit_a_frame_is_not_written() {
    let written = |url| EddystoneUrl::service_data(UncheckedPower(-20), url);
    assert_eq!(written("https://goo.gl/S6zT6P").map(|data| data.len()), Some(16));
    assert_eq!(written("https://example.com/").map(|data| data.len()), Some(11));
    for unfit in
        ["ftp://a.b", "https://", "https://a b", "https://é.fr", "https://123456789.12345678"]
    {
        assert_eq!(written(unfit), None, "{unfit}");
    }
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer_in_every_form(
        bytes in proptest::collection::vec(any::<u8>(), 0..80),
        id in prop_oneof![Just(APPLE), Just(EDDYSTONE_SERVICE), any::<u16>()],
    ) {
        for mode in [Mode::Strict, Mode::Lenient] {
            let _ = read_advert(&bytes, mode);
            let _ = read_android_record(&bytes, mode);
            let _ = read_manufacturer_data(id, &bytes, mode);
            let _ = read_service_data(id, &bytes, mode);
        }
    }

    #[test]
    fn what_the_strict_mode_reads_the_lenient_mode_reads_alike(
        kind in 0u8..6,
        body in proptest::collection::vec(any::<u8>(), 0..32),
    ) {
        let start: &[u8] = match kind {
            0 => &[0xff, 0x4c, 0x00, 0x02, 0x15],
            1 => &[0xff, 0x18, 0x01, 0xbe, 0xac],
            2 => &[0x16, 0xaa, 0xfe, 0x00],
            3 => &[0x16, 0xaa, 0xfe, 0x10],
            4 => &[0x16, 0xaa, 0xfe, 0x20],
            _ => &[0x16, 0xaa, 0xfe, 0x30],
        };
        let length = u8::try_from(start.len() + body.len()).unwrap();
        let advert = [&[length][..], start, &body].concat();
        if let Ok(frame) = frame_of(&advert) {
            prop_assert_eq!(read_advert(&advert, Mode::Lenient).frame, Ok(frame));
        }
    }

    #[test]
    fn every_written_frame_reads_back_and_fits_a_legacy_advertisement(
        uuid in any::<u128>(), id in any::<[u8; 20]>(), major in any::<u16>(),
        minor in any::<u16>(), power in any::<i8>(), eid in any::<[u8; 8]>(),
        reserved in any::<u8>(), namespace in any::<[u8; 10]>(), instance in any::<[u8; 6]>(),
        fields in any::<[u8; 12]>(), salt in any::<[u8; 2]>(), mic in any::<[u8; 2]>(),
    ) {
        let power = UncheckedPower(power);
        let ibeacon = IBeacon { uuid: Uuid::from_u128(uuid), major, minor, power };
        let altbeacon = AltBeacon { company_id: major, id, power, reserved: Some(reserved) };
        let uid = EddystoneUid { power, namespace, instance };
        let tlm = EddystoneTlm::from_fields(&fields);
        let sealed = EncryptedTlm { cipher: fields, salt, mic };
        let ephemeral = EddystoneEid { power, eid };
        for (advert, frame) in [
            (ibeacon.advert(), Frame::IBeacon(ibeacon)),
            (altbeacon.advert(), Frame::AltBeacon(altbeacon)),
            (uid.advert(), Frame::EddystoneUid(uid)),
            (tlm.advert(), Frame::EddystoneTlm(tlm)),
            (sealed.advert(), Frame::EncryptedTlm(sealed)),
            (ephemeral.advert(), Frame::EddystoneEid(ephemeral)),
        ] {
            prop_assert!(advert.len() <= 31);
            prop_assert_eq!(read_advert(&advert, Mode::Strict), Reading { frame: Ok(frame), overrun: false });
        }
    }

    #[test]
    fn every_link_that_is_written_reads_back(
        scheme in prop_oneof![Just("http://"), Just("https://"), Just("https://www.")],
        name in "[a-z0-9./-]{1,14}",
        ending in prop_oneof![Just(""), Just(".com"), Just(".org/"), Just(".info/x")],
    ) {
        let url = format!("{scheme}{name}{ending}");
        if let Some(advert) = EddystoneUrl::advert(UncheckedPower(-20), &url) {
            match frame_of(&advert) {
                Ok(Frame::EddystoneUrl(frame)) => prop_assert_eq!(frame.to_string(), url),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
