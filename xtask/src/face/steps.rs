//! What a person does on the page, step by step, and what must then be on the glass.

use std::{thread, time::Duration};

use anyhow::{Context, Result, ensure};

use super::{
    browser::Browser,
    page::{act, approve, charge, in_the_store, paid, says, speak, state, tab},
    payments::{
        operator_away, pay_by_camera, pay_by_code, pay_by_photo, pay_by_scan, pay_contactless,
        refund, server_away,
    },
};

/// A step: what it is called, and what is done.
pub type Named = (&'static str, fn(&Browser) -> Result<()>);

/// In this order: each begins where the one before ended.
pub const STEPS: &[Named] = &[
    ("the phone shows the door of a store", at_the_door),
    ("from a pocket it says at the door what works there", pocketed),
    ("the walk ends in the store", walk),
    ("the position is dragged", drag),
    ("a question is answered with yes", answer),
    ("a spoofed position is refused in words", spoofed),
    ("without a network everything says its age", offline),
    ("a forged code is no code", forged),
    ("a copied code raises the alarm", copied),
    ("a payment by scan", pay_by_scan),
    ("a payment by a photo dropped on the page", pay_by_photo),
    ("a payment by the phone's code", pay_by_code),
    ("a payment by holding the phone to the reader", pay_contactless),
    ("a payment by the computer's camera", pay_by_camera),
    ("a refund", refund),
    ("with the wallet server away nothing is paid, and then once", server_away),
    ("a deposit while its operator is away comes once", operator_away),
    ("the history", history),
    ("why a method stands as it does", why),
    ("in Japanese, from the right, large and dark", looks),
    ("a recording is opened and scrubbed", recording),
    ("somebody joins, links a card, deposits and pays", join_to_payment),
    ("a link lays another visit out", link),
];

fn at_the_door(browser: &Browser) -> Result<()> {
    act(browser, "'seek', { at_s: 30 }")?;
    browser.until("document.querySelector('#phone .rec, #phone .rows .row')")?;
    browser.until("document.querySelector('#map .tg')")?;
    ensure!(state(browser, "screens.settlement.place")? != "here", "a position alone says here");
    Ok(())
}

fn walk(browser: &Browser) -> Result<()> {
    act(browser, "'seek', { at_s: 40 }")?;
    for speed in ["5×", "10×"] {
        browser.click(".spd")?;
        browser.until(&format!("document.querySelector('.spd').textContent === '{speed}'"))?;
    }
    browser.click(".pl")?;
    says(browser, "You are here")?;
    browser.until("document.querySelector('.pl').getAttribute('aria-label') === 'Play'")?;
    let store = state(browser, "screens.settlement.store.id")?;
    ensure!(store == state(browser, "walk.store")?, "it is in another store");
    browser.until("document.querySelector('#till [data-act=charge]')")
}

fn pocketed(browser: &Browser) -> Result<()> {
    act(browser, "'seek', { at_s: 40 }")?;
    act(browser, "'speed', { times: 10 }")?;
    browser.click("[data-act=pocket]")?;
    says(browser, "Take it out")?;
    browser.click(".pl")?;
    says(browser, "Works here")?;
    let told = state(browser, "phone.notices")?;
    ensure!(
        told[0]["store_id"] == state(browser, "walk.store")?,
        "it is about another store: {told}"
    );
    browser.click(".ntc .block")?;
    says(browser, "You are here")?;
    ensure!(state(browser, "phone.is_pocketed")? == false, "it is still in the pocket");
    browser.until("document.querySelector('.pl').getAttribute('aria-label') === 'Play'")?;
    act(browser, "'speed', { times: 2 }")?;
    Ok(())
}

fn drag(browser: &Browser) -> Result<()> {
    let before = state(browser, "evidence.stores")?;
    let (x, y) = browser.middle("#grip")?;
    browser.mouse("mousePressed", (x, y))?;
    for nth in 1..=20 {
        browser.mouse("mouseMoved", (x + f64::from(nth) * 5.0, y + f64::from(nth) * 3.0))?;
        thread::sleep(Duration::from_millis(10));
    }
    browser.mouse("mouseReleased", (x + 100.0, y + 60.0))?;
    let before = serde_json::to_string(&before)?;
    browser.until(&format!(
        "import('/calls.js').then((it) => JSON.stringify(it.state.evidence.stores) !== {before:?})"
    ))?;
    browser.middle("#grip")?;
    browser.eval("document.getElementById('grip').focus(); 0")?;
    let at = state(browser, "phone.at")?;
    browser.key("ArrowUp")?;
    let at = serde_json::to_string(&at)?;
    browser.until(&format!(
        "import('/calls.js').then((it) => JSON.stringify(it.state.phone.at) !== {at:?})"
    ))
}

fn answer(browser: &Browser) -> Result<()> {
    act(browser, "'seek', { at_s: 58 }")?;
    act(browser, "'refresh'")?;
    if state(browser, "screens.settlement.question")?.is_null() {
        browser.click("[data-act=open][data-page=stores]")?;
        return browser
            .click(".row.pick[data-act=choose]")
            .and_then(|()| says(browser, "You are here"));
    }
    browser.click(".ask-c [data-act=choose]")?;
    says(browser, "You are here")
}

fn spoofed(browser: &Browser) -> Result<()> {
    browser.click(".menu summary")?;
    browser.click("[data-act=trouble][data-sense=spoofed]")?;
    says(browser, "made up by a test tool")?;
    browser.click("[data-act=trouble][data-sense=spoofed]")?;
    browser.until("!document.querySelector('.toast')")?;
    browser.click(".menu summary")
}

fn offline(browser: &Browser) -> Result<()> {
    browser.click("[data-act=sense][data-sense=network]")?;
    tab(browser, "here")?;
    act(browser, "'refresh'")?;
    says(browser, "No connection")?;
    browser.click("[data-act=sense][data-sense=network]")?;
    act(browser, "'refresh'")?;
    says(browser, "Balances live")
}

fn forged(browser: &Browser) -> Result<()> {
    in_the_store(browser)?;
    tab(browser, "scan")?;
    browser.click("[data-act=look][data-at=forged]")?;
    browser.until("document.querySelector('.alarm, .toast')")?;
    says(browser, "forged")?;
    ensure!(browser.eval("!document.querySelector('.psheet')")? == true, "it can be paid");
    tab(browser, "scan")
}

fn copied(browser: &Browser) -> Result<()> {
    in_the_store(browser)?;
    tab(browser, "scan")?;
    browser.click("[data-act=look][data-at=copied]")?;
    browser.until("document.querySelector('.alarm')")?;
    says(browser, "Do not pay this code")?;
    browser.click("[data-act=dismiss-alarm]")?;
    browser.click(".tabs [data-tab=scan]")?;
    browser.click("[data-act=look][data-at=sign]")?;
    says(browser, "You are here")
}

fn history(browser: &Browser) -> Result<()> {
    tab(browser, "history")?;
    says(browser, "Deposit")?;
    says(browser, "Paid in")?;
    says(browser, "Refund")?;
    let beneath = "(() => { const row = document.querySelector('.row.undone'); \
                   const [it, all] = [row, row.closest('li')].map((it) => it.getBoundingClientRect()); \
                   return it.top > all.top && it.bottom <= all.bottom + 1; })()";
    browser.until(beneath)
}

fn why(browser: &Browser) -> Result<()> {
    tab(browser, "here")?;
    browser.click(".rows [data-act=why]")?;
    says(browser, "Chance that it works here")?;
    browser.click("[data-act=back]")?;
    // Where the store is in question, each says its own.
    act(browser, "'seek', { at_s: 30 }")?;
    browser.until("document.querySelector('.rows [data-act=why]')")?;
    browser.click(".rows [data-act=why]")?;
    browser.until("document.querySelectorAll('.wy .rows.flat li').length > 1")?;
    browser.click("[data-act=back]")
}

fn looks(browser: &Browser) -> Result<()> {
    speak(browser, "ja")?;
    says(browser, "この店")?;
    speak(browser, "rtl")?;
    browser.until("document.getElementById('phone').dir === 'rtl'")?;
    browser.click("[data-act=scale]")?;
    browser.click("[data-act=scale]")?;
    browser.click("[data-act=theme]")?;
    browser.until("document.getElementById('phone').classList.contains('xl')")?;
    speak(browser, "en")?;
    browser.click("[data-act=scale]")?;
    browser.click("[data-act=theme]")?;
    says(browser, "Here")
}

fn join_to_payment(browser: &Browser) -> Result<()> {
    browser.click("[data-act=open][data-page=account]")?;
    browser.click("[data-act=log-out]")?;
    says(browser, "Log in to see your methods")?;
    browser.click("#phone .note [data-act=open][data-page=account]")?;
    browser.click("[data-act=join-form]")?;
    browser.click("[data-submit=join] .b.go")?;
    browser.until("document.querySelector('[data-submit=confirm-join] #f-code')?.value")?;
    browser.click("[data-submit=confirm-join] .b.go")?;
    browser.until("document.querySelector('[data-submit=link]')")?;
    browser.click("[data-submit=link] .b.go")?;
    browser.click("[data-act=open][data-page=deposit]")?;
    browser.until("document.querySelector('#f-source option')")?;
    browser.click("[data-submit=deposit] .b.go")?;
    says(browser, "in the wallet")?;
    act(browser, "'refresh'")?;
    tab(browser, "here")?;
    browser.eval("document.getElementById('charge').value = '4.00'; 0")?;
    charge(browser)?;
    tab(browser, "scan")?;
    browser.click(".vf")?;
    browser.until("document.querySelector('.psheet')")?;
    let code = "815204739617";
    browser.eval(&format!("document.getElementById('settlement').value = '{code}'; 0"))?;
    approve(browser)?;
    paid(browser)?;
    let kind = state(browser, "screens.payment.state")?;
    (kind == "done").then_some(()).context("it is not paid")
}

/// A recording is saved, opened again, scrubbed to its beginning and played.
fn recording(browser: &Browser) -> Result<()> {
    act(browser, "'seek', { at_s: 40 }")?;
    act(browser, "'enter', { store: it.state.walk.store }")?;
    says(browser, "You are here")?;
    browser.eval(
        "(async () => { const { recording } = await import('/calls.js'); const data = new DataTransfer(); \
         data.items.add(new File([await recording()], 'visit.jsonl')); \
         document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, \
         cancelable: true })); })()",
    )?;
    browser.until("document.querySelector('[data-input=scrub]')")?;
    ensure!(state(browser, "screens.settlement.place")? != "here", "it begins in the store");
    browser.eval(
        "{ const it = document.querySelector('[data-input=scrub]'); it.value = it.max; \
         it.dispatchEvent(new Event('input', { bubbles: true })); } 0",
    )?;
    browser.until(
        "import('/calls.js').then(({ state: it }) => it.recording?.come === it.recording?.signals)",
    )?;
    says(browser, "You are here")?;
    browser.click("[data-act=play-recording]")?;
    browser.until("import('/calls.js').then(({ state: it }) => it.recording.plays)")?;
    browser.click("[data-act=end-recording]")?;
    browser.until("document.querySelector('[data-input=seek-walk]')")
}

/// A link to a moment of another visit lays that visit out.
fn link(browser: &Browser) -> Result<()> {
    let world = state(browser, "walk.world")?;
    let world = world.as_str().context("the world has no name")?;
    let origin = browser.eval("location.origin")?;
    let origin = origin.as_str().context("no address")?;
    let link = format!("{origin}/?world={world}&seed=2&at=31");
    browser.open(&link, "document.querySelector('#phone .tabs')")?;
    browser.until(
        "import('/calls.js').then(({ state: it }) => it?.walk.seed === 2 && it.walk.at_s === 31)",
    )?;
    let nowhere = format!("{origin}/?world=../secret&seed=2&at=31");
    browser.open(&nowhere, "document.querySelector('#phone .toast')")?;
    says(browser, "there is no world")
}

/// Nothing goes beyond the edge, and the phone comes first.
///
/// # Errors
/// When something does.
pub fn at_phone_width(browser: &Browser) -> Result<()> {
    browser.until("innerWidth === 390")?;
    browser.until("document.documentElement.scrollWidth <= 390")?;
    browser.click(".tabs [data-tab=money]")?;
    says(browser, "Your methods")?;
    browser.click(".tabs [data-tab=here]")
}
