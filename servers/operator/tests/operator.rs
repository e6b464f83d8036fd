//! The operator server as it runs, on a free port.

mod bank;

use bank::{Bank, KEY, grant};
use domain::wire::{Account, Card, GRANT_HEADER, Grant, History, Linked, LinkedTo, Problem};
use operator_server::{Config, Seed};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

const LINK_CODE: &str = "K7QM-2XPD-94RT";

fn seed() -> Value {
    let booking = |nth: i64| json!({"at": nth, "amount": nth, "text": format!("booking {nth}")});
    json!({
        "accounts": [
            {"id": "a", "owner": "Giulia Rossi", "name": "Conto", "number_end": "0042", "currency": "EUR",
                "history": (1..=120).map(booking).collect::<Vec<_>>()},
            {"id": "empty", "name": "New", "number_end": "0001", "currency": "JPY"},
        ],
        "cards": [{"id": "c", "name": "Rossi Visa", "number_end": "4242",
            "expires_at": 1_900_000_000_000_i64, "limit": {"amount": 500, "currency": "EUR"},
            "blocked": true,
            "history": [{"at": 1, "amount": 300, "text": "Hotel"},
                {"at": 2, "amount": -100, "text": "Repaid"}]}],
        "grants": [
            {"grant": grant("a"), "held_by": "account", "id": "a"},
            {"grant": grant("empty"), "held_by": "account", "id": "empty"},
            {"grant": grant("c"), "held_by": "card", "id": "c"},
            {"grant": grant("none"), "held_by": "card", "id": "none"},
        ],
        "links": [{"code": LINK_CODE, "held_by": "card", "id": "c", "kind": "credit_card",
            "rides": [{"scheme": "visa", "channel": "contactless"}]}],
    })
}

impl Bank {
    async fn open() -> Self {
        Self::with(seed(), Default::default()).await
    }

    /// Asks with the grant of the account or card in the path.
    async fn get(&self, path: &str, key: &str) -> reqwest::Response {
        let id = path.split('/').nth(3).unwrap_or_default();
        self.get_with(path, key, &grant(id)).await
    }

    async fn get_with(&self, path: &str, key: &str, grant: &str) -> reqwest::Response {
        let url = format!("http://{}{path}", self.running.addr);
        self.http.get(url).bearer_auth(key).header(GRANT_HEADER, grant).send().await.unwrap()
    }

    async fn link(&self, code: &str, holder: &str) -> reqwest::Response {
        let url = format!("http://{}/v1/links", self.running.addr);
        let asked = json!({"code": code, "holder": holder});
        self.http.post(url).bearer_auth(KEY).json(&asked).send().await.unwrap()
    }

    async fn grant_of_link(&self, holder: &str) -> Grant {
        self.link(LINK_CODE, holder).await.json::<Linked>().await.unwrap().grant
    }

    async fn unlink(&self, grant: &str) -> StatusCode {
        let url = format!("http://{}/v1/links", self.running.addr);
        let call = self.http.delete(url).bearer_auth(KEY).header(GRANT_HEADER, grant);
        call.send().await.unwrap().status()
    }
}

#[tokio::test]
async fn what_is_on_an_account_and_owed_on_a_card_is_the_sum_of_their_bookings() {
    let bank = Bank::open().await;
    let account: Account = bank.get("/v1/accounts/a", KEY).await.json().await.unwrap();
    assert_eq!(account.balance.to_string(), "72.60 EUR");
    assert_eq!((account.name.as_str(), account.number_end.as_str()), ("Conto", "0042"));
    assert_eq!(account.owner, "Giulia Rossi");
    let empty: Account = bank.get("/v1/accounts/empty", KEY).await.json().await.unwrap();
    assert_eq!(empty.balance.to_string(), "0 JPY");
    let card: Card = bank.get("/v1/cards/c", KEY).await.json().await.unwrap();
    assert_eq!((card.limit.amount, card.used.amount, card.blocked), (500, 200, true));
    assert_eq!(card.expires_at.0, 1_900_000_000_000);
    bank.running.stop().await;
}

#[tokio::test]
async fn a_history_is_paged_from_the_newest_and_names_every_booking_once() {
    let bank = Bank::open().await;
    let (mut texts, mut left) = (Vec::new(), Vec::new());
    let mut path = "/v1/accounts/a/history".to_owned();
    loop {
        let page: History = bank.get(&path, KEY).await.json().await.unwrap();
        assert!(page.bookings.len() <= 50);
        left.extend(page.bookings.iter().map(|booking| booking.left.amount));
        texts.extend(page.bookings.into_iter().map(|booking| booking.text));
        let Some(next) = page.next else { break };
        path = format!("/v1/accounts/a/history?before={next}");
    }
    let expected: Vec<String> = (1..=120).rev().map(|nth| format!("booking {nth}")).collect();
    assert_eq!(texts, expected);
    // Each booking tells what was there with it.
    assert_eq!(left, (1..=120).rev().map(|nth| nth * (nth + 1) / 2).collect::<Vec<i64>>());
    let card: History = bank.get("/v1/cards/c/history", KEY).await.json().await.unwrap();
    let amounts: Vec<i64> = card.bookings.iter().map(|booking| booking.amount.amount).collect();
    assert_eq!(amounts, [-100, 300]);
    bank.running.stop().await;
}

#[tokio::test]
async fn a_link_code_belongs_to_the_first_holder_who_asks_and_is_answered_alike_again() {
    let bank = Bank::open().await;
    let ask = async |code: &str, holder: &str| bank.link(code, holder).await;
    let linked: Linked = ask("k7qm 2xpd 94rt", "one").await.json().await.unwrap();
    assert_eq!(linked.to, LinkedTo::Card { id: "c".to_owned() });
    assert_eq!((linked.name.as_str(), linked.number_end.as_str()), ("Rossi Visa", "4242"));
    let again: Linked = ask(LINK_CODE, "one").await.json().await.unwrap();
    // The answer before may have been lost, or not.
    for grant in [&linked.grant, &again.grant] {
        assert_eq!(bank.get_with("/v1/cards/c", KEY, grant.expose()).await.status(), 200);
    }
    assert_eq!(Linked { grant: linked.grant.clone(), ..again }, linked);
    assert_eq!(ask(LINK_CODE, "two").await.status(), StatusCode::CONFLICT);
    assert_eq!(ask("K7QM-2XPD-94RV", "one").await.status(), StatusCode::NOT_FOUND);
    let endless = "A".repeat(200);
    for (code, holder) in [(LINK_CODE, ""), ("A", endless.as_str()), (&endless, "one")] {
        assert_eq!(ask(code, holder).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    // The database does not hold the code.
    let file = std::fs::read(bank.folder.path().join("operator.db")).unwrap();
    assert!(!file.windows(14).any(|bytes| bytes == b"K7QM-2XPD-94RT"));
    bank.running.stop().await;
}

#[tokio::test]
async fn the_key_alone_opens_no_account_and_no_card_of_a_holder() {
    let bank = Bank::open().await;
    let url = format!("http://{}/v1/cards/c", bank.running.addr);
    let bare = bank.http.get(url).bearer_auth(KEY).send().await.unwrap();
    assert_eq!(bare.status(), StatusCode::FORBIDDEN);
    for path in ["/v1/accounts/a", "/v1/accounts/a/history", "/v1/cards/c", "/v1/cards/c/history"] {
        for grant in ["", "x", &grant("empty"), &grant("none"), &format!("{}0", grant("c"))] {
            let response = bank.get_with(path, KEY, grant).await;
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path} {grant}");
            assert_eq!(response.json::<Problem>().await.unwrap().code, "not_granted");
        }
    }
    // Nor is it said whether there is one.
    assert_eq!(bank.get_with("/v1/cards/nowhere", KEY, &grant("c")).await.status(), 403);
    bank.running.stop().await;
}

#[tokio::test]
async fn an_undone_link_opens_nothing_any_more_and_its_code_links_nobody() {
    let bank = Bank::open().await;
    let (first, second) = (bank.grant_of_link("one").await, bank.grant_of_link("one").await);
    assert_eq!(bank.unlink(second.expose()).await, StatusCode::NO_CONTENT);
    for grant in [&first, &second] {
        assert_eq!(bank.get_with("/v1/cards/c", KEY, grant.expose()).await.status(), 403);
    }
    assert_eq!(bank.unlink(second.expose()).await, StatusCode::NO_CONTENT, "asked again");
    for holder in ["one", "two"] {
        assert_eq!(bank.link(LINK_CODE, holder).await.status(), StatusCode::CONFLICT, "{holder}");
    }
    // The grants of others stay.
    assert_eq!(bank.get("/v1/cards/c", KEY).await.status(), StatusCode::OK);
    bank.running.stop().await;
}

#[tokio::test]
async fn grants_that_nobody_has_do_not_pile_up_and_the_database_holds_none_in_clear() {
    let bank = Bank::open().await;
    let first = bank.grant_of_link("one").await;
    let mut last = first.clone();
    for _ in 0..8 {
        last = bank.grant_of_link("one").await;
    }
    assert_eq!(bank.get_with("/v1/cards/c", KEY, first.expose()).await.status(), 403);
    assert_eq!(bank.get_with("/v1/cards/c", KEY, last.expose()).await.status(), 200);
    for entry in std::fs::read_dir(bank.folder.path()).unwrap() {
        let file = std::fs::read(entry.unwrap().path()).unwrap();
        let secret = last.expose().as_bytes();
        assert!(!file.windows(secret.len()).any(|bytes| bytes == secret));
    }
    bank.running.stop().await;
}

#[tokio::test]
async fn nobody_but_the_wallet_company_is_told_anything() {
    let bank = Bank::open().await;
    for path in [
        "/v1/accounts/a",
        "/v1/accounts/a/history",
        "/v1/cards/c",
        "/v1/cards/c/history",
        "/v1/cards/x",
    ] {
        for key in ["", "wrong", &KEY[1..], &format!("{KEY}0")] {
            let response = bank.get(path, key).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path} {key}");
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            let problem: Problem = response.json().await.unwrap();
            assert_eq!(problem.code, "unauthorized");
        }
    }
    assert_eq!(bank.get("/healthz", "").await.status(), StatusCode::OK);
    bank.running.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_told_as_a_problem() {
    let bank = Bank::open().await;
    for (path, status) in [
        ("/v1/accounts/none", 403),
        ("/v1/cards/none", 404),
        ("/v1/cards/none/history", 404),
        ("/v1/accounts/a/history?before=x", 422),
        ("/v2", 404),
    ] {
        let response = bank.get(path, KEY).await;
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.json::<Problem>().await.unwrap().status, status);
    }
    bank.running.stop().await;
}

#[tokio::test]
async fn a_full_card_number_is_never_taken() {
    let bank = Bank::open().await;
    let database = bank.folder.path().join("operator.db");
    for number in ["4242424242424242", "42", "42a2", ""] {
        let mut seed = seed();
        seed["cards"][0]["number_end"] = json!(number);
        let seed: Seed = serde_json::from_value(seed).unwrap();
        assert!(operator_server::seed(&database, &seed).await.is_err(), "{number:?} was taken");
    }
    bank.running.stop().await;
}

#[tokio::test]
async fn a_short_key_and_sums_beyond_64_bits_are_refused() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("operator.db");
    let listen = "127.0.0.1:0".parse().unwrap();
    let short = Config {
        listen,
        database: database.clone(),
        api_key: "short".into(),
        proxy: Default::default(),
        settlement: Default::default(),
    };
    assert!(operator_server::start(short).await.is_err());
    let mut seed = seed();
    seed["accounts"][0]["history"] = json!([
        {"at": 1, "amount": i64::MAX, "text": ""}, {"at": 1, "amount": -1, "text": ""}]);
    let seed: Seed = serde_json::from_value(seed).unwrap();
    assert!(operator_server::seed(&database, &seed).await.is_err());
}

#[tokio::test]
async fn a_link_code_that_somebody_guesses_and_a_short_grant_are_refused() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("operator.db");
    for (list, name, weak) in
        [("links", "code", "AAAA-AAAA-AAAA"), ("links", "code", "SHORT"), ("grants", "grant", "x")]
    {
        let mut seed = seed();
        seed[list][0][name] = json!(weak);
        let seed: Seed = serde_json::from_value(seed).unwrap();
        assert!(operator_server::seed(&database, &seed).await.is_err(), "{weak} was taken");
    }
}
