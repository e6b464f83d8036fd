//! A till whose network is lost in the middle of a payment by a shown code.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use domain::wire::ChargeRequest;
use terminal::{Till, TillEvent};

use super::{
    by_code::{comes_to, shown},
    *,
};

/// What is lost between a till and the real server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lost {
    Nothing,
    Answers,
    All,
}

/// The way of a till to the server.
struct Cable {
    url: String,
    lost: Arc<Mutex<Lost>>,
}

impl Cable {
    fn to(server: &str) -> Self {
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let lost = Arc::new(Mutex::new(Lost::Nothing));
        let now = Arc::clone(&lost);
        thread::spawn(move || {
            for till in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(&server) else { continue };
                carry(&till, &server, &now, &[Lost::All]);
                carry(&server, &till, &now, &[Lost::All, Lost::Answers]);
            }
        });
        Self { url, lost }
    }

    fn lose(&self, lost: Lost) {
        *self.lost.lock().unwrap() = lost;
    }
}

/// Carries what comes, until something comes that is lost.
fn carry(from: &TcpStream, to: &TcpStream, now: &Arc<Mutex<Lost>>, lost: &'static [Lost]) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    let now = Arc::clone(now);
    thread::spawn(move || {
        let mut bytes = [0; 4_096];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if lost.contains(&*now.lock().unwrap()) || to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    });
}

/// What a till is shown next that is no repetition.
fn next(till: &mut Till<'_>) -> TillEvent {
    let begun = std::time::Instant::now();
    loop {
        if let (Some(event), _) = till.next(0) {
            return event;
        }
        assert!(begun.elapsed() < LONGEST, "nothing happens at the till");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn f13_a_till_that_loses_the_network_asks_again_with_the_same_id_and_comes_to_the_same_end() {
    let cast = Cast::assemble();
    let phone = at_the_till(&cast);
    let cable = Cable::to(&cast.wallet_url());
    let terminal = cast.terminal_over(&TAKES_WALLET, &cable.url);
    let (_, code) = shown(&phone, 1);
    let asked =
        |code: &str| ChargeRequest::by_code(Money::new(500, Currency::EUR), None, code.to_owned());
    let id = new_id().unwrap();
    let mut till = Till::new(&terminal, id, asked(&code.text));
    for lost in [Lost::All, Lost::Answers] {
        cable.lose(lost);
        assert!(matches!(next(&mut till), TillEvent::Away(_)), "not known whether it was asked");
    }
    // The till was switched off, and goes on under the same id.
    cable.lose(Lost::Nothing);
    let mut till = Till::new(&terminal, id, asked(&code.text));
    assert!(matches!(next(&mut till), TillEvent::Paying));
    cable.lose(Lost::All);
    assert!(matches!(next(&mut till), TillEvent::Away(_)));
    let screen = comes_to(&phone, PaymentState::ToApprove);
    assert_eq!(screen.amount.as_ref().unwrap().minor, 500);
    phone.wallet.approve_payment(screen.id, CODE.to_owned()).unwrap();
    cable.lose(Lost::Nothing);
    let event = next(&mut till);
    assert!(matches!(&event, TillEvent::Over(it) if it.state == ChargeState::Paid), "{event:?}");
    for code in [code.text.as_str(), "no code"] {
        let mut other = Till::new(&terminal, new_id().unwrap(), asked(code));
        assert!(matches!(next(&mut other), TillEvent::Refused(_)), "nothing was asked for");
    }
    assert_eq!(left(&phone), 750);
}
