//! What every step on the page is made of: what it says, what is done on it, a charge and its payment.

use anyhow::Result;

use super::browser::Browser;

/// All that is on the phone's screen.
pub const PHONE: &str = "document.getElementById('phone').textContent";

/// Waits until the phone says these words.
///
/// # Errors
/// When that does not come.
pub fn says(browser: &Browser, words: &str) -> Result<()> {
    browser.until(&format!("{PHONE}.includes({words:?})"))
}

/// Does something that the page would do on a click elsewhere; `it` is what it has.
///
/// # Errors
/// When that does not come.
pub fn act(browser: &Browser, call: &str) -> Result<()> {
    let text = format!("import('/calls.js').then((it) => it.act({call})).then(() => 0)");
    browser.eval(&text).map(drop)
}

/// What the state says at a path of it.
///
/// # Errors
/// When that does not come.
pub fn state(browser: &Browser, path: &str) -> Result<serde_json::Value> {
    browser.eval(&format!("import('/calls.js').then((it) => it.state.{path})"))
}

/// Taps a tab of the phone.
///
/// # Errors
/// When that does not come.
pub fn tab(browser: &Browser, name: &str) -> Result<()> {
    browser.click(&format!(".tabs [data-tab={name}]"))
}

/// Chooses the phone's language.
///
/// # Errors
/// When that does not come.
pub fn speak(browser: &Browser, language: &str) -> Result<()> {
    let chosen = format!(
        "{{ const it = document.getElementById('language'); it.value = '{language}'; \
         it.dispatchEvent(new Event('change', {{ bubbles: true }})); }} 0"
    );
    browser.eval(&chosen).map(drop)
}

/// The phone is in the store that is walked to, and its till stands beside it.
///
/// # Errors
/// When that does not come.
pub fn in_the_store(browser: &Browser) -> Result<()> {
    act(browser, "'enter', { store: it.state.walk.store }")?;
    act(browser, "'till', { store: it.state.walk.store }")?;
    tab(browser, "here")?;
    says(browser, "You are here")?;
    browser.until(
        "import('/calls.js').then(({ state: it }) => it.till?.store === it.walk.store \
         && it.screens.settlement.store?.id === it.walk.store)",
    )
}

/// The till charges by a code that it shows.
///
/// # Errors
/// When that does not come.
pub fn charge(browser: &Browser) -> Result<()> {
    browser.click("#till [data-act=charge]")?;
    browser.until("document.querySelector('#till .tq svg[role=img]')")
}

/// The sheet is open: the member agrees, with the wallet's own money where it may be chosen.
///
/// # Errors
/// When that does not come.
pub fn approve(browser: &Browser) -> Result<()> {
    browser.until("document.querySelector('.psheet')")?;
    let own = "[...document.querySelectorAll('.psheet .pick')].find((it) => \
               it.textContent.includes('Tillsight') || it.textContent.includes('Wallet'))?.querySelector('input')?.click(); 0";
    browser.eval(own)?;
    browser.click(".psheet form .b.go")
}

/// Both sides say that it is paid.
///
/// # Errors
/// When that does not come.
pub fn paid(browser: &Browser) -> Result<()> {
    browser.until("document.querySelector('#phone .won')")?;
    browser.until("document.querySelector('#till .won2')")?;
    browser.click("[data-act=end-payment]")
}

/// Turns a trouble on or off.
///
/// # Errors
/// When that does not come.
pub fn trouble(browser: &Browser, what: &str) -> Result<()> {
    browser.click(".menu summary")?;
    browser.click(&format!("[data-act=trouble]{what}"))?;
    browser.click(".menu summary")
}
