//! Payments on the page, by every channel and through failures.

use std::fs;

use anyhow::{Result, ensure};

use super::{
    browser::Browser,
    eye,
    page::{PHONE, act, approve, charge, in_the_store, paid, says, state, tab, trouble},
};

/// By the code that the till shows.
///
/// # Errors
/// When something is not as it should be.
pub fn pay_by_scan(browser: &Browser) -> Result<()> {
    in_the_store(browser)?;
    browser.eval("document.getElementById('charge').value = '3.00'; 0")?;
    charge(browser)?;
    tab(browser, "scan")?;
    browser.click(".vf")?;
    approve(browser)?;
    // Others are told by one tap, and asked for no more than that.
    browser.click("[data-act=tell-others]")?;
    browser.until("document.querySelector('#phone .won') && !document.querySelector('[data-act=tell-others]')")?;
    ensure!(browser.eval("!!document.querySelector('.toast')")? == false, "the report was refused");
    paid(browser)?;
    browser.until("document.querySelectorAll('#ledger tbody tr').length > 0")?;
    ensure!(state(browser, "ledger.sum")? == 0, "money was made or lost");
    Ok(())
}

/// By a photo of that code, dropped on the page.
///
/// # Errors
/// When something is not as it should be.
pub fn pay_by_photo(browser: &Browser) -> Result<()> {
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

/// By the code that the phone shows.
///
/// # Errors
/// When something is not as it should be.
pub fn pay_by_code(browser: &Browser) -> Result<()> {
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

/// By holding the phone to the till's reader, with a card.
///
/// # Errors
/// When something is not as it should be.
pub fn pay_contactless(browser: &Browser) -> Result<()> {
    in_the_store(browser)?;
    browser.eval("document.getElementById('charge').value = '2.50'; 0")?;
    let method =
        "it.state.screens.settlement.active.find((it) => it.by?.channel === 'contactless').id";
    act(browser, &format!("'hold', {{ id: crypto.randomUUID(), method: {method} }}"))?;
    says(browser, "Hold the phone to the till")?;
    browser.click("#phone [data-act=tap]")?;
    approve(browser)?;
    paid(browser)?;
    ensure!(state(browser, "till.day[0].channel")? == "contactless", "it was paid another way");
    Ok(())
}

/// By the till's code before the computer's camera, which is switched on beside the other senses.
///
/// # Errors
/// When something is not as it should be.
pub fn pay_by_camera(browser: &Browser) -> Result<()> {
    in_the_store(browser)?;
    browser.eval("document.getElementById('charge').value = '1.25'; 0")?;
    charge(browser)?;
    let rows = state(browser, "till.code.rows")?;
    let rows: Vec<&str> =
        rows.as_array().into_iter().flatten().filter_map(|row| row.as_str()).collect();
    fs::write(browser.eye(), eye::film_of(&rows))?;
    browser.click("#map [data-act=camera]")?;
    approve(browser)?;
    browser.until("document.querySelector('#map [data-act=camera][aria-checked=false]')")?;
    paid(browser)
}

/// What was paid is given back.
///
/// # Errors
/// When something is not as it should be.
pub fn refund(browser: &Browser) -> Result<()> {
    browser.until("!document.querySelector('#till [data-act=refund]').disabled")?;
    browser.click("#till [data-act=refund]")?;
    browser.until("document.querySelector('#ledger .stt.refund')")?;
    ensure!(state(browser, "ledger.sum")? == 0, "money was made or lost");
    Ok(())
}

/// The wallet server stops before the member agrees.
///
/// # Errors
/// When something is not as it should be.
pub fn server_away(browser: &Browser) -> Result<()> {
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

/// A deposit while its operator is stopped.
///
/// # Errors
/// When something is not as it should be.
pub fn operator_away(browser: &Browser) -> Result<()> {
    trouble(browser, "[data-operator=bank]")?;
    tab(browser, "money")?;
    browser.click("[data-act=open][data-page=deposit]")?;
    browser.until("document.querySelector('#f-source option')")?;
    browser.eval(
        "{ const it = document.getElementById('f-source'); \
         it.value = [...it.options].find((it) => it.text.includes('Bank')).value; } 0",
    )?;
    for key in ["''", "''", "'2'", "'0'"] {
        browser.click(&format!("[data-digit={key}]"))?;
    }
    browser.click("[data-submit=deposit] .b.go")?;
    says(browser, "on its way")?;
    trouble(browser, "[data-operator=bank]")?;
    says(browser, "in the wallet")?;
    browser.until("document.querySelector('#ledger tbody').textContent.includes('20.00')")?;
    ensure!(state(browser, "ledger.sum")? == 0, "money was made or lost");
    Ok(())
}
