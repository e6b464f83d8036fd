//! What a person does on the page, step by step, and what must then be on the glass.

use std::{thread, time::Duration};

use anyhow::{Context, Result, ensure};

use super::browser::Browser;

/// A step: what it is called, and what is done.
pub type Named = (&'static str, fn(&Browser) -> Result<()>);

/// In this order: each begins where the one before ended.
pub const STEPS: &[Named] = &[
    ("the phone shows the door of a store", at_the_door),
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
    ("a refund", refund),
    ("with the wallet server away nothing is paid, and then once", server_away),
    ("a deposit while its operator is away comes once", operator_away),
    ("the history", history),
    ("why a method stands as it does", why),
    ("in Japanese, from the right, large and dark", looks),
    ("somebody joins, links a card, deposits and pays", join_to_payment),
];

const PHONE: &str = "document.getElementById('phone').textContent";

fn says(browser: &Browser, words: &str) -> Result<()> {
    browser.until(&format!("{PHONE}.includes({words:?})"))
}

/// Does something that the page would do on a click elsewhere; `it` is what it has.
fn act(browser: &Browser, call: &str) -> Result<()> {
    let text = format!("import('/calls.js').then((it) => it.act({call})).then(() => 0)");
    browser.eval(&text).map(drop)
}

/// What the state says at a path of it.
fn state(browser: &Browser, path: &str) -> Result<serde_json::Value> {
    browser.eval(&format!("import('/calls.js').then((it) => it.state.{path})"))
}

fn tab(browser: &Browser, name: &str) -> Result<()> {
    browser.click(&format!(".tabs [data-tab={name}]"))
}

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

fn in_the_store(browser: &Browser) -> Result<()> {
    act(browser, "'enter', { store: it.state.walk.store }")?;
    act(browser, "'till', { store: it.state.walk.store }")?;
    tab(browser, "here")?;
    says(browser, "You are here")?;
    browser.until(
        "import('/calls.js').then(({ state: it }) => it.till?.store === it.walk.store \
         && it.screens.settlement.store?.id === it.walk.store)",
    )
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

fn charge(browser: &Browser) -> Result<()> {
    browser.click("#till [data-act=charge]")?;
    browser.until("document.querySelector('#till .tq svg[role=img]')")
}

/// The sheet is open: the method is the wallet's own money.
fn approve(browser: &Browser) -> Result<()> {
    browser.until("document.querySelector('.psheet')")?;
    let own = "[...document.querySelectorAll('.psheet .pick')].find((it) => \
               it.textContent.includes('Tillsight') || it.textContent.includes('Wallet'))?.querySelector('input')?.click(); 0";
    browser.eval(own)?;
    browser.click(".psheet form .b.go")
}

fn paid(browser: &Browser) -> Result<()> {
    browser.until("document.querySelector('#phone .won')")?;
    browser.until("document.querySelector('#till .won2')")?;
    browser.click("[data-act=end-payment]")
}

fn pay_by_scan(browser: &Browser) -> Result<()> {
    in_the_store(browser)?;
    browser.eval("document.getElementById('charge').value = '3.00'; 0")?;
    charge(browser)?;
    tab(browser, "scan")?;
    browser.click(".vf")?;
    approve(browser)?;
    paid(browser)?;
    browser.until("document.querySelectorAll('#ledger tbody tr').length > 0")?;
    ensure!(state(browser, "ledger.sum")? == 0, "money was made or lost");
    Ok(())
}

fn pay_by_photo(browser: &Browser) -> Result<()> {
    browser.eval("document.getElementById('charge').value = '2.00'; 0")?;
    charge(browser)?;
    browser.eval(
        "(async () => { const svg = document.querySelector('#till .tq svg'); \
         const text = new XMLSerializer().serializeToString(svg); const image = new Image(); \
         image.src = 'data:image/svg+xml,' + encodeURIComponent(text); await image.decode(); \
         const canvas = new OffscreenCanvas(480, 480); const pen = canvas.getContext('2d'); \
         pen.fillStyle = '#777'; pen.fillRect(0, 0, 480, 480); pen.rotate(0.06); \
         pen.drawImage(image, 60, 20, 380, 380); const data = new DataTransfer(); \
         data.items.add(new File([await canvas.convertToBlob()], 'photo.png')); \
         document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, \
         cancelable: true })); })()",
    )?;
    approve(browser)?;
    paid(browser)
}

fn pay_by_code(browser: &Browser) -> Result<()> {
    act(browser, "'enter', { store: it.state.walk.by_code }")?;
    act(browser, "'till', { store: it.state.walk.by_code }")?;
    browser.eval("document.getElementById('charge').value = '1.50'; 0")?;
    let method = "it.state.screens.methods.methods.find((it) => it.kind === 'electronic_money').id";
    act(browser, &format!("'show_code', {{ id: crypto.randomUUID(), method: {method} }}"))?;
    browser.until("document.querySelector('#phone .qrc')")?;
    browser.until("!document.querySelector('#till [data-act=read]').disabled")?;
    browser.click("#till [data-act=read]")?;
    approve(browser)?;
    paid(browser)
}

fn refund(browser: &Browser) -> Result<()> {
    browser.until("!document.querySelector('#till [data-act=refund]').disabled")?;
    browser.click("#till [data-act=refund]")?;
    browser.until("document.querySelector('#ledger .stt.refund')")?;
    ensure!(state(browser, "ledger.sum")? == 0, "money was made or lost");
    Ok(())
}

fn trouble(browser: &Browser, what: &str) -> Result<()> {
    browser.click(".menu summary")?;
    browser.click(&format!("[data-act=trouble]{what}"))?;
    browser.click(".menu summary")
}

fn server_away(browser: &Browser) -> Result<()> {
    in_the_store(browser)?;
    browser.eval("document.getElementById('charge').value = '1.00'; 0")?;
    charge(browser)?;
    tab(browser, "scan")?;
    browser.click(".vf")?;
    browser.until("document.querySelector('.psheet')")?;
    trouble(browser, "[data-server]")?;
    browser.until(
        "document.querySelector('[data-act=trouble][data-server]').ariaChecked === 'true'",
    )?;
    approve(browser)?;
    browser.until(&format!(
        "document.querySelector('#phone .toast, #phone .notp') || {PHONE}.includes('Asking')"
    ))?;
    trouble(browser, "[data-server]")?;
    browser.until(
        "document.querySelector('[data-act=trouble][data-server]').ariaChecked === 'false'",
    )?;
    // The core asks again by itself; what was never agreed to is agreed to now.
    browser.until(
        "import('/calls.js').then(({ state: it }) => it.screens.payment?.amount?.minor === 100 \
         && ['to_approve', 'done'].includes(it.screens.payment.state))",
    )?;
    if browser.eval("!!document.querySelector('#phone .psheet')")? == true {
        approve(browser)?;
    }
    paid(browser)?;
    let day = state(browser, "till.day")?;
    let times = day
        .as_array()
        .map_or(0, |day| day.iter().filter(|it| it["amount"]["minor"] == 100).count());
    ensure!(times == 1, "it was paid {times} times");
    Ok(())
}

fn operator_away(browser: &Browser) -> Result<()> {
    trouble(browser, "[data-operator=bank]")?;
    tab(browser, "money")?;
    browser.click("[data-act=open][data-page=deposit]")?;
    browser.until("document.querySelector('#f-source option')")?;
    browser.eval(
        "{ const it = document.getElementById('f-source'); \
         it.value = [...it.options].find((it) => it.text.includes('Bank')).value; \
         document.getElementById('f-amount').value = '20'; } 0",
    )?;
    browser.click("[data-submit=deposit] .b.go")?;
    says(browser, "on its way")?;
    trouble(browser, "[data-operator=bank]")?;
    says(browser, "in the wallet")?;
    browser.until("document.querySelector('#ledger tbody').textContent.includes('20.00')")?;
    ensure!(state(browser, "ledger.sum")? == 0, "money was made or lost");
    Ok(())
}

fn history(browser: &Browser) -> Result<()> {
    tab(browser, "history")?;
    says(browser, "Deposit")?;
    says(browser, "Refund")
}

fn why(browser: &Browser) -> Result<()> {
    tab(browser, "here")?;
    browser.click(".rows [data-act=why]")?;
    says(browser, "Chance that it works here")?;
    browser.click("[data-act=back]")
}

fn looks(browser: &Browser) -> Result<()> {
    let speak = |code: &str| {
        browser.eval(&format!(
            "{{ const it = document.getElementById('language'); it.value = '{code}'; \
             it.dispatchEvent(new Event('change', {{ bubbles: true }})); }} 0"
        ))
    };
    speak("ja")?;
    says(browser, "この店")?;
    speak("rtl")?;
    browser.until("document.getElementById('phone').dir === 'rtl'")?;
    browser.click("[data-act=scale]")?;
    browser.click("[data-act=scale]")?;
    browser.click("[data-act=theme]")?;
    browser.until("document.getElementById('phone').classList.contains('xl')")?;
    speak("en")?;
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
