// Scanning, the pay sheet, the code for the till, and what a payment came to.
import { html } from '/draw.js';
import { bar, methodRow } from '/here.js';
import { icon, mark, qr } from '/icons.js';
import { money, t, title } from '/words.js';

const corner = html`<svg viewBox="0 0 300 300" fill="none" aria-hidden="true"><path d="M4 64V32A28 28 0 0132 4h32M236 4h32a28 28 0 0128 28v32M296 236v32a28 28 0 01-28 28h-32M64 296H32a28 28 0 01-28-28v-32" stroke="#fff" stroke-width="7" stroke-linecap="round"/></svg>`;

export function scan(state, local) {
  const { till } = state;
  const typed = local.typing && html`<form class="typed" data-submit="text"><label class="vh" for="typed">${t('typeLabel')}</label><input id="typed" name="text" class="inp" autocomplete="off" placeholder="${t('typeLabel')}"><button class="b go dense">${t('done')}</button></form>`;
  return html`<div class="cam"><div class="bar"><button class="ub" data-act="back" aria-label="${t('back')}">${icon('back', '', 'flip')}</button><h2 class="t-title">${t('scanTitle')}</h2></div>
${local.camera ? html`<div class="vf" data-key="eye">${corner}<video id="eye" class="eye" data-keep muted playsinline aria-label="${t('camera')}"></video></div>` : html`<button class="vf" data-key="paper" data-act="look" data-at="${till?.code ? 'till' : 'sign'}">${corner}<span class="pap">${till?.code ? qr(till.code.rows, 168, t('tillCode')) : icon('code', 'l')}<span class="block">${till?.code ? till.name : t('counter')}</span></span></button>`}
<p class="t-body ctr">${till?.code || local.camera ? t('scanHelp') : t('noTillCode')}</p>${typed}
<div class="aims"><button class="chip" data-act="look" data-at="sign">${t('counter')}</button><button class="chip" data-act="look" data-at="copied">${t('copied')}</button><button class="chip" data-act="look" data-at="forged">${t('forged')}</button></div>
<div class="camb"><button data-act="look" data-at="till">${icon('scan')}${t('tillCode')}</button><label class="up">${icon('save')}${t('photo')}<input type="file" accept="image/*" data-input="photo" class="vh"></label><button data-act="camera" aria-pressed="${String(!!local.camera)}">${icon('camera')}${t('camera')}</button><button data-act="type">${icon('code')}${t('typeIt')}</button></div></div>`;
}

// The code scanned last, when it asks for money: what to pay it by.
export function payable(screen) {
  return screen.code?.kind === 'payment_code' && !screen.alarm && !screen.code.warnings.includes('forged');
}

export function sheet(state, local) {
  const { payment, settlement } = state.screens;
  const started = payment?.state === 'to_approve' && payment.id !== local.dismissed;
  const rows = [...settlement.active, ...settlement.likely, ...settlement.unsure];
  const methods = started ? rows.filter((row) => row.id === payment.method_id) : rows.filter((row) => !row.by || row.by.channel !== 'contactless');
  const amount = started ? payment.amount : settlement.code?.amount;
  const payee = started ? payment.payee : settlement.code?.payee || (settlement.store ? title(settlement.store) : '');
  const chosen = methods.find((row) => row.id === local.method) || methods[0];
  const left = chosen?.balance && amount && chosen.balance.currency === amount.currency ? { ...chosen.balance, minor: chosen.balance.minor - amount.minor } : null;
  const pick = (row) => html`<li data-key="${row.id}"><label class="row pick">${mark(row.state, row.chance.low)}<span class="mid"><span class="nm">${row.name}</span><span class="sub block">${row === chosen && left ? t('leftAfter', money(left)) : row.balance ? `${money(row.balance)} ${t('left')}` : t('unknownBalance')}</span></span><input type="radio" name="method" value="${row.id}" data-input="method" ${row === chosen ? 'checked' : ''} aria-label="${row.name}"></label></li>`;
  return html`<div class="scrim" data-act="cancel-sheet" data-key="scrim"></div><section class="psheet" data-key="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title"><div class="grab" aria-hidden="true"></div><div class="pt"><h2 class="t-support c2" id="sheet-title">${t('payTo', payee)}</h2><button class="ub" data-act="cancel-sheet" aria-label="${t('close')}">${icon('cross')}</button></div><p class="t-till"><bdi>${money(amount)}</bdi></p><p class="chip where">${icon('check', 's')}${started && payment.channel !== 'scan' ? t('byCharge') : t('proven')}</p>
<ul class="rows flat gapped">${methods.map(pick)}</ul>
<form data-submit="approve"><label class="t-support c2" for="settlement">${t('code')}</label><input id="settlement" name="code" class="inp" type="password" inputmode="numeric" autocomplete="off" value="${state.secrets.settlement_code}"><button class="b go full big gapped" ${chosen ? '' : 'disabled'} aria-busy="${String(!!local.busy)}">${icon('lock')}${local.busy ? t('paying') : html`${t('approve')} <bdi>${money(amount)}</bdi>`}</button></form><p class="t-caption c3 ctr">${t('before')}</p></section>`;
}

export function code(state) {
  const { payment, settlement } = state.screens;
  const left = Math.max(0, Math.round((payment.code.until_ms - state.now_ms) / 1000));
  const row = [...settlement.active, ...settlement.likely, ...settlement.unsure, ...settlement.inactive].find((it) => it.id === payment.method_id);
  const letters = payment.code.text.match(/.{1,5}/g).join(' ');
  return html`${bar(t('showTitle'))}<div class="bd cd scroll" tabindex="0" role="region" aria-label="${t('showTitle')}"><section class="qrc"><div class="qw">${qr(payment.code.rows, 248, t('showTitle'))}</div><p class="digits small"><span class="vh">${t('codeInText')} </span>${letters}</p></section><div class="count" role="timer"><svg width="56" height="56" viewBox="0 0 56 56" fill="none" aria-hidden="true"><circle cx="28" cy="28" r="24" style="stroke:var(--line)" stroke-width="5"/><circle cx="28" cy="28" r="24" style="stroke:var(--go)" stroke-width="5" stroke-linecap="round" stroke-dasharray="${(151 * Math.min(1, left / 60)).toFixed(1)} 151" transform="rotate(-90 28 28)"/></svg><div><p class="t-title n">0:${String(left).padStart(2, '0')}</p><p class="t-support c2">${t('thenNew')}</p></div></div>
${row && html`<ul class="rows">${methodRow(row, settlement)}</ul>`}<div class="two"><button class="b line" data-act="show-code" data-method="${payment.method_id}">${icon('renew')}${t('newCode')}</button><button class="b line" data-act="cancel-payment">${t('cancel')}</button></div><p class="t-caption c3 ctr">${t('atMost')}</p></div>`;
}

const time = (ms) => new Date(ms).toTimeString().slice(0, 8);
const short = (id) => `${id.slice(0, 4)}-${id.slice(4, 8)}`.toUpperCase();

export function paid(state, local) {
  const { payment, settlement, methods } = state.screens;
  const method = methods.methods.find((it) => it.id === payment.method_id);
  const line = (name, value) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<div class="${local.turned ? 'turned' : 'upright'}"><div class="pd"><section class="won" role="status"><svg width="88" height="88" viewBox="0 0 88 88" fill="none" aria-hidden="true"><circle cx="44" cy="44" r="42" style="fill:var(--on-go)"/><path d="M27 45.5l12 12 23-25" style="stroke:var(--go)" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/></svg><h2 class="t-title">${t('paid')}</h2><p class="t-till"><bdi>${money(payment.amount)}</bdi></p><p class="t-body">${payment.payee} · <span class="n">${time(payment.drawn_at_ms)}</span></p></section></div><div class="bd pdm"><section class="rcpt" aria-label="${t('receipt')}"><dl>${line(t('by'), `${payment.method}, ${t(`ways.${payment.channel}`)}`)}${line(t('left'), method?.balance && html`<bdi>${money(method.balance)}</bdi>`)}${line(t('storeLabel'), settlement.store?.id === payment.store_id ? settlement.store.address || payment.payee : payment.payee)}${line(t('receipt'), html`<span class="n">${short(payment.id)}</span>`)}</dl></section><div class="two"><button class="b line" data-act="turn">${icon('renew')}${t('turn')}</button><button class="b line" data-act="save-receipt">${icon('save')}${t('saveIt')}</button></div>${local.told !== payment.id && html`<div class="note plain"><p class="t-support"><b>${t('share', payment.method)}</b><br>${t('shareHelp')}</p><button class="b line dense" data-act="tell-others" data-store="${payment.store_id}" data-method="${payment.method_id}">${t('tellOthers')}</button></div>`}<button class="b go full big" data-act="end-payment">${t('done')}</button></div></div>`;
}

const FAILED = { declined: true, expired: true, cancelled: true };
export const hasFailed = (payment) => FAILED[payment.state];

export function failed(state) {
  const { payment, settlement } = state.screens;
  const why = payment.why_not ? t(`reason.${payment.why_not}`) : payment.reason ? t(`payment.${payment.reason}`) : t(payment.state);
  const other = [...settlement.active, ...settlement.likely].find((row) => row.id !== payment.method_id);
  return html`${bar(payment.payee || t('payment.title'))}<div class="bd er scroll" tabindex="0" role="region" aria-label="${t('notPaid')}"><section class="notp" role="alert"><svg width="72" height="72" viewBox="0 0 72 72" fill="none" aria-hidden="true"><rect x="3" y="3" width="66" height="66" rx="18" style="stroke:var(--off)" stroke-width="5"/><path d="M25 25l22 22M47 25L25 47" style="stroke:var(--off)" stroke-width="6" stroke-linecap="round"/></svg><h2 class="t-store">${t('notPaid')}</h2><p class="t-body c2">${t('nothingTaken')} ${why}</p></section>${other && html`<ul class="rows">${methodRow(other, settlement)}</ul>`}<div class="stackb"><button class="b go full big" data-act="next" data-step="${payment.next_step}">${t(`next.${payment.next_step}`)}</button></div><p class="t-caption c3 ctr">${t('retry')} ${t('reference', short(payment.id))}</p></div>`;
}

export function waiting(state) {
  const { payment } = state.screens;
  return html`${bar(payment.payee || t('payment.title'))}<div class="bd er" role="status"><section class="notp"><span class="spin" aria-hidden="true"></span><h2 class="t-title">${t(`states.${payment.state}`)}</h2>${payment.amount && html`<p class="t-amount"><bdi>${money(payment.amount)}</bdi></p>`}<p class="t-body c2">${t('waitHelp')}</p></section></div>`;
}

// The phone is to be held to the till's reader.
export function held(state) {
  const { payment, settlement, methods } = state.screens;
  const row = [...settlement.active, ...settlement.likely, ...settlement.unsure, ...settlement.inactive].find((it) => it.id === payment.method_id);
  const method = methods.methods.find((it) => it.id === payment.method_id);
  return html`${bar(t('holdTitle'))}<div class="bd cd scroll" tabindex="0" role="region" aria-label="${t('holdTitle')}"><section class="held" aria-hidden="true"><svg class="flip" viewBox="0 0 160 220" fill="none"><path d="M26 168a74 74 0 000-104M62 196a122 122 0 000-160M98 224a170 170 0 000-216" stroke="currentColor" stroke-width="16" stroke-linecap="round"/></svg></section><p class="t-body c2 ctr gapped">${t('holdHelp')}</p>
${row ? html`<ul class="rows gapped">${methodRow(row, settlement)}</ul>` : html`<p class="t-title ctr">${method?.name || payment.method}</p>`}<div class="stackb gapped"><button class="b go full big" data-act="tap" ${state.till ? '' : 'disabled'}>${icon('wave')}${t('holdThere')}</button><button class="b line full" data-act="cancel-payment">${t('cancel')}</button></div><p class="t-caption c3 ctr">${t('atMost')}</p></div>`;
}
