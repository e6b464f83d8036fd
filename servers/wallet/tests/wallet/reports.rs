//! What members report of stores: credentials, sums that nobody is seen in, and what nobody's report changes.

use std::collections::BTreeSet;

use domain::{
    Acceptance, Channel, SchemeId, Source, StoreId, Week,
    wire::{BeaconKey, EvaluatedCredential, Report, ReportKeys, Reported, Sign},
};
use rand_core_06::OsRng;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::query_as;
use voprf::{EvaluationElement, Group, Proof, Ristretto255, VoprfClient, VoprfServer};
use wallet_server::{Database, learn_from_reports, open_database, publish, register::all};

use crate::{
    evidence::command,
    settlements::{Till, code_of},
    world::NOW,
};

const DAY_MS: i64 = 86_400_000;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// What a member holds who was given the credential of a week.
#[derive(Clone)]
struct Credential {
    secret: [u8; 32],
    evaluation: [u8; 64],
    week: Week,
}

impl Credential {
    /// As the server would have evaluated it for a member, by the server's own secret.
    fn of(till: &Till, number: u32, week: Week) -> Self {
        let seed = till.world.folder.path().join("wallet/reports.key");
        let seed = bytes(std::fs::read_to_string(seed).unwrap().trim());
        let info = format!("tillsight reports {week}");
        let key = VoprfServer::<Ristretto255>::new_from_seed(&seed, info.as_bytes()).unwrap();
        let mut secret = [1; 32];
        secret[..4].copy_from_slice(&number.to_be_bytes());
        let evaluation = key.evaluate(&secret).unwrap().into();
        Self { secret, evaluation, week }
    }

    fn report(&self, store: StoreId, said: Reported) -> Value {
        let report = Report { store, week: self.week, said };
        let proof = hex(&report.proof(&self.evaluation));
        json!({"report": report, "secret": hex(&self.secret), "proof": proof})
    }
}

fn visa() -> (SchemeId, Channel) {
    (SchemeId::new("visa").unwrap(), Channel::Contactless)
}

fn worked() -> Reported {
    let (scheme, channel) = visa();
    Reported::Worked { scheme, channel }
}

fn refused() -> Reported {
    let (scheme, channel) = visa();
    Reported::Refused { scheme, channel }
}

fn this_week() -> Week {
    Week::of(NOW).unwrap()
}

impl Till {
    async fn sign_text(&self) -> String {
        let sign = self.world.get(&format!("/v1/stores/{}/sign", self.store)).await;
        sign.json::<Sign>().await.unwrap().code
    }

    async fn told(&self) -> String {
        let database = self.database().await;
        let told = publish(&database).await.unwrap();
        database.close().await;
        told
    }

    async fn database(&self) -> Database {
        open_database(&self.world.folder.path().join("wallet")).await.unwrap()
    }

    /// Sends what a member says who scanned the store's code there; the status.
    async fn say(&self, number: u32, said: Reported) -> u16 {
        let credential = Credential::of(self, number, this_week());
        let mut report = credential.report(self.store, said);
        report["presence"] = json!({"kind": "store_code", "text": self.sign_text().await});
        self.world.post("/v1/reports", &report).await.status().as_u16()
    }
}

#[tokio::test]
async fn a_member_is_given_one_credential_a_week_that_the_server_cannot_know_again() {
    let till = Till::open().await;
    let keys: ReportKeys = till.world.get("/v1/report-key").await.json().await.unwrap();
    let key = keys.of(this_week()).unwrap().clone();
    let secret = [5; 32];
    let blinded = VoprfClient::<Ristretto255>::blind(&secret, &mut OsRng).unwrap();
    let ask = |week: Week, blinded: String| {
        let body = json!({"week": week, "blinded": blinded});
        till.send("/v1/report-credentials", &till.token, None, body)
    };
    let sent = hex(&blinded.message.serialize());
    let answer: EvaluatedCredential = ask(key.week, sent.clone()).await.json().await.unwrap();
    let again: EvaluatedCredential = ask(key.week, sent.clone()).await.json().await.unwrap();
    assert_eq!(answer.evaluated, again.evaluated);
    let other = VoprfClient::<Ristretto255>::blind(&secret, &mut OsRng).unwrap();
    let other = ask(key.week, hex(&other.message.serialize())).await;
    assert_eq!(code_of(other).await, (409, "credential_issued".to_owned()));
    let next = Week::of_number(key.week.number() + 1).unwrap();
    assert_eq!(code_of(ask(next, sent.clone()).await).await.1, "week_over");
    assert_eq!(code_of(ask(key.week, "00".repeat(32)).await).await.0, 422);
    let nobody = json!({"week": key.week, "blinded": sent});
    assert_eq!(till.world.post("/v1/report-credentials", &nobody).await.status(), 401);

    let evaluated = EvaluationElement::deserialize(&bytes(&answer.evaluated)).unwrap();
    let proof = Proof::deserialize(&bytes(&answer.proof)).unwrap();
    let public = Ristretto255::deserialize_elem(&bytes(&key.public_key)).unwrap();
    let output = blinded.state.finalize(&secret, &evaluated, &proof, public).unwrap();
    let credential = Credential { secret, evaluation: output.into(), week: key.week };
    let report = credential.report(till.store, worked());
    assert_eq!(till.world.post("/v1/reports", &report).await.status(), 204);
    let stored = |bytes: &[u8]| {
        let seen = hex(bytes);
        let wallet = till.world.folder.path().join("wallet");
        let files = ["wallet.db", "wallet.db-wal"].map(|name| std::fs::read(wallet.join(name)));
        let files: Vec<u8> = files.into_iter().flatten().flatten().collect();
        String::from_utf8_lossy(&files).contains(&seen)
    };
    assert!(!stored(&secret) && !stored(&output), "what was shown is not kept");
    till.world.stop().await;
}

#[tokio::test]
async fn nothing_is_told_of_one_member_and_a_report_more_changes_it_at_a_step_alone() {
    let till = Till::open().await;
    let mut told = vec![till.told().await];
    for number in 0..6 {
        assert_eq!(till.say(number, refused()).await, 204);
        told.push(till.told().await);
    }
    assert_eq!((&*told[0], &*told[1]), ("", ""));
    let line = |said: &str, members: &str| {
        let store = till.store;
        format!(
            "{{\"store\":\"{store}\",\"scheme\":\"visa\",\"channel\":\"contactless\",\
             \"said\":\"{said}\",\"members\":\"{members}\",\"week\":\"{}\"}}\n",
            this_week()
        )
    };
    assert_eq!(told[2], line("likely_refused", "two"));
    assert_eq!(told[3], line("refused", "few"));
    assert_eq!(told[4], told[3]);
    assert_eq!(told[5], line("refused", "several"));
    assert_eq!(told[6], told[5]);
    // Another store's line is another matter.
    for number in 0..2 {
        let credential = Credential::of(&till, number, this_week());
        let report = credential.report(till.other, worked());
        till.world.post("/v1/reports", &report).await;
    }
    assert_eq!(till.told().await, told[6]);
    let out = till.world.folder.path().join("told.jsonl");
    let data = till.world.folder.path().join("wallet");
    assert!(command(&data, &["publish", "--out", out.to_str().unwrap()]).0);
    assert_eq!(std::fs::read_to_string(out).unwrap(), told[6]);
    till.world.stop().await;
}

#[tokio::test]
async fn a_thousand_forged_replayed_and_doubled_reports_change_nothing() {
    let till = Till::open().await;
    for number in 0..3 {
        assert_eq!(till.say(number, refused()).await, 204);
    }
    let database = till.database().await;
    let sums = || async {
        let sums = "SELECT store_id, scheme, taken, present, others FROM report_sum";
        let sums = query_as::<_, (String, String, i64, i64, i64)>(sums);
        sums.fetch_all(database.reads()).await.unwrap()
    };
    let before = (sums().await, till.told().await);
    let genuine = Credential::of(&till, 0, this_week()).report(till.store, refused());
    let fresh = Credential::of(&till, 9, this_week());
    let forged = |number: u32| {
        let mut report = fresh.report(till.store, refused());
        match number % 5 {
            // Of nobody's credential.
            0 => report["secret"] = hex(&[number as u8; 32]).into(),
            // Of another report.
            1 => report["report"]["store"] = json!(till.other),
            2 => report["report"]["said"]["kind"] = "worked".into(),
            3 => report["proof"] = hex(&[number as u8; 32]).into(),
            // Of another week's key.
            _ => {
                let week = Week::of_number(this_week().number() - 1).unwrap();
                let other = Credential { week, ..fresh.clone() };
                report = other.report(till.store, refused());
            }
        }
        report
    };
    let mut statuses = BTreeSet::new();
    for number in 0..500 {
        let answer = till.world.post("/v1/reports", &forged(number)).await;
        statuses.insert(answer.status().as_u16());
        let answer = till.world.post("/v1/reports", &genuine).await;
        assert_eq!(answer.status(), 204, "the same vote again");
    }
    assert_eq!(statuses, BTreeSet::from([409, 422]));
    // A member who says the opposite later in the week is one member still.
    assert_eq!(till.say(1, worked()).await, 204);
    assert_eq!((sums().await, till.told().await), before);
    database.close().await;
    till.world.stop().await;
}

#[tokio::test]
async fn who_does_not_prove_to_have_been_there_counts_three_tenths() {
    let till = Till::open().await;
    let path = format!("/v1/stores/{}/beacon", till.store);
    let key = till.world.call(Method::GET, &path, &till.key).await;
    let key: BeaconKey = key.json().await.unwrap();
    let identity = signs::eid::IdentityKey(bytes(&key.identity_key).try_into().unwrap());
    let heard = identity.eid(u32::try_from(NOW.unix_seconds() - 3_600).unwrap() >> 9 << 9, 9);
    let before = identity.eid(u32::try_from(NOW.unix_seconds() - 8 * 86_400).unwrap() >> 9 << 9, 9);
    let rotating = |id: &[u8; 8]| json!({"kind": "rotating", "id": hex(id)});
    let send = async |number: u32, presence: Option<Value>| {
        let mut report = Credential::of(&till, number, this_week()).report(till.store, worked());
        if let Some(presence) = presence {
            report["presence"] = presence;
        }
        assert_eq!(till.world.post("/v1/reports", &report).await.status(), 204);
    };
    // An id of another week, a code of no store, nothing at all.
    send(0, Some(rotating(&before))).await;
    send(1, Some(json!({"kind": "store_code", "text": "no code"}))).await;
    for number in 2..6 {
        send(number, None).await;
    }
    assert_eq!(till.told().await, "", "six who may not have been there");
    send(6, None).await;
    assert!(till.told().await.contains("\"worked\",\"members\":\"two\""));
    send(7, Some(rotating(&heard))).await;
    assert!(till.told().await.contains("\"members\":\"few\""));
    till.world.stop().await;
}

#[tokio::test]
async fn a_credential_reports_five_times_a_day_and_of_its_week_alone() {
    let till = Till::open().await;
    let credential = Credential::of(&till, 1, this_week());
    let schemes = ["visa", "mastercard", "amex", "jcb", "diners", "discover"];
    let said = |name| Reported::Worked {
        scheme: SchemeId::new(name).unwrap(),
        channel: Channel::Contactless,
    };
    for name in &schemes[..5] {
        let report = credential.report(till.store, said(name));
        assert_eq!(till.world.post("/v1/reports", &report).await.status(), 204);
    }
    let sixth = credential.report(till.store, said(schemes[5]));
    let answer = till.world.post("/v1/reports", &sixth).await;
    assert_eq!(code_of(answer).await, (429, "too_many_reports".to_owned()));
    let fifth = credential.report(till.store, said(schemes[4]));
    assert_eq!(till.world.post("/v1/reports", &fifth).await.status(), 204, "it was counted");
    for (store, said, code) in [
        (StoreId::of_record("osm", "node/404"), said("unionpay"), 404),
        (till.store, said("of_no_registry"), 422),
    ] {
        let other = Credential::of(&till, 2, this_week()).report(store, said);
        assert_eq!(till.world.post("/v1/reports", &other).await.status(), code);
    }
    till.world.wait(DAY_MS);
    assert_eq!(till.world.post("/v1/reports", &sixth).await.status(), 204, "the next day");
    // NOW is a Sunday; two days after it nothing more is said of the week.
    till.world.wait(2 * DAY_MS);
    let late = credential.report(till.store, said("unionpay"));
    assert_eq!(code_of(till.world.post("/v1/reports", &late).await).await.1, "week_over");
    till.world.stop().await;
}

#[tokio::test]
async fn what_enough_members_report_is_known_of_the_store_and_old_weeks_are_forgotten() {
    let mut till = Till::open().await;
    let database = till.database().await;
    let claim = async |scheme: &str| {
        let stores = all(&database).await.unwrap();
        let store = stores.into_iter().find(|store| store.id == till.store).unwrap();
        let claims = store.accepted.claims().iter();
        let mut claims = claims.filter(|claim| claim.scheme.as_str() == scheme);
        claims.next().map(|claim| (claim.acceptance, claim.source))
    };
    for number in 0..3 {
        till.say(number, Reported::CashOnly {}).await;
    }
    assert_eq!(learn_from_reports(&database, NOW).await.unwrap(), 1);
    let said = Some((Acceptance::Refused, Source::Members));
    assert_eq!((claim("visa").await, claim("mastercard").await), (said, said));
    assert!(till.told().await.contains("\"cash_only\",\"members\":\"few\""));
    for number in 3..5 {
        till.say(number, worked()).await;
    }
    learn_from_reports(&database, NOW).await.unwrap();
    assert_eq!(claim("visa").await, Some((Acceptance::Differs, Source::Members)));
    assert_eq!(claim("mastercard").await, said);

    let rows = async || {
        let mut left = Vec::new();
        for table in ["report_credential", "report_vote", "report_day", "report_sum", "code_sum"] {
            let count =
                query_as::<_, (i64,)>(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")));
            left.push(count.fetch_one(database.reads()).await.unwrap().0);
        }
        left
    };
    assert_eq!(rows().await, [0, 5, 5, 2, 0]);
    till.world.wait(3 * DAY_MS);
    till.world.restart().await;
    while rows().await[1..3] != [0, 0] {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(rows().await, [0, 0, 0, 2, 0], "the sums stay");
    let years = domain::Timestamp(NOW.0 + 400 * DAY_MS);
    learn_from_reports(&database, years).await.unwrap();
    assert_eq!(rows().await, [0, 0, 0, 0, 0]);
    database.close().await;
    till.world.stop().await;
}

#[tokio::test]
async fn a_code_that_several_members_scanned_on_a_counter_is_evidence_of_its_own_beside_their_word()
{
    let till = Till::open().await;
    let database = till.database().await;
    let paypay = || SchemeId::new("paypay").unwrap();
    let code = || Reported::Code { scheme: paypay() };
    let claim = async || {
        let stores = all(&database).await.unwrap();
        let store = stores.into_iter().find(|store| store.id == till.store).unwrap();
        let claim = store.accepted.claim(&paypay(), Channel::Scan);
        claim.map(|claim| (claim.acceptance, claim.source))
    };
    assert_eq!(till.say(0, code()).await, 204);
    assert_eq!(till.say(0, code()).await, 204, "the same vote again");
    assert_eq!(learn_from_reports(&database, NOW).await.unwrap(), 0);
    assert_eq!((claim().await, till.told().await), (None, String::new()), "of one nothing is told");
    assert_eq!(till.say(1, code()).await, 204);
    assert_eq!(learn_from_reports(&database, NOW).await.unwrap(), 1);
    assert_eq!(claim().await, Some((Acceptance::Accepted, Source::Code)));
    let line = format!(
        "{{\"store\":\"{}\",\"scheme\":\"paypay\",\"channel\":\"scan\",\"said\":\"code\",\
         \"members\":\"two\",\"week\":\"{}\"}}\n",
        till.store,
        this_week()
    );
    assert_eq!(till.told().await, line);

    // Who scanned a code may say what happened, too: no vote of one kind takes the place of the other.
    let refused = || Reported::Refused { scheme: paypay(), channel: Channel::Scan };
    for number in 0..3 {
        assert_eq!(till.say(number, refused()).await, 204);
    }
    learn_from_reports(&database, NOW).await.unwrap();
    // Members' word of the same week does not overrule the code.
    assert_eq!(claim().await, Some((Acceptance::Accepted, Source::Code)));
    // A scheme that no code on a counter names is none.
    let visa = Reported::Code { scheme: SchemeId::new("visa").unwrap() };
    assert_eq!(till.say(3, visa).await, 422);

    let data = till.world.folder.path().join("wallet");
    assert!(command(&data, &["remove", "members:codes"]).0);
    assert_eq!(claim().await, Some((Acceptance::Refused, Source::Members)));
    let later = domain::Timestamp(NOW.0 + 400 * DAY_MS);
    learn_from_reports(&database, later).await.unwrap();
    assert_eq!(till.told().await, "", "old weeks are forgotten");
    database.close().await;
    till.world.stop().await;
}
