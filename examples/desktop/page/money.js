// Money and member: methods, deposits, history, account, joining.
import { html } from '/draw.js';
import { bar } from '/here.js';
import { icon, logo } from '/icons.js';
import { ago, language, money, t } from '/words.js';

const KIND = { electronic_money: 'money', bank_account: 'bank', credit_card: 'card', code_payment: 'code' };
const region = (name, body) => html`<div class="bd scroll" tabindex="0" role="region" aria-label="${name}">${body}</div>`;
const big = (name) => html`<div class="bar big"><h2 class="t-store">${name}</h2><button class="ub" data-act="open" data-page="account" aria-label="${t('account')}">${icon('person', 'm')}</button></div>`;

export function moneyPage(state) {
  const { methods, deposits } = state.screens;
  const row = (it) => html`<li data-key="${it.id}"><div class="row ${it.reason ? 'no' : ''}"><span class="gi">${icon(KIND[it.kind])}</span><span class="mid"><span class="nm">${it.name}</span><span class="sub block">${it.reason ? t(`reason.${it.reason}`) : it.schemes.join(', ')}</span></span><span class="end">${it.balance ? html`<span class="am block"><bdi>${money(it.balance)}</bdi></span><span class="ag block">${ago(it.balance_as_of_ms, state.now_ms)}</span>` : html`<span class="ag block">${t('unknownBalance')}</span>`}</span></div></li>`;
  const made = deposits?.deposits.slice(0, 4) || [];
  const deposit = (it) => html`<li data-key="${it.id}"><div class="row h"><span class="gi ${it.state === 'pending' ? 'wait' : it.state === 'done' ? 'in' : 'void'}">${icon(it.state === 'pending' ? 'clock' : it.state === 'done' ? 'into' : 'cross')}</span><span><span class="nm">${it.source}</span><span class="sub block">${it.state === 'pending' ? t('pending') : it.state === 'done' ? t('doneWord') : t('failed')}</span></span><span class="end"><span class="am ${it.state === 'failed' ? 'void' : it.state === 'pending' ? 'wait' : 'in'} block"><bdi>${money(it.amount)}</bdi></span></span></div></li>`;
  const { choice } = state.ask;
  return html`${big(t('money'))}${region(t('money'), html`<div class="two"><button class="b go" data-act="open" data-page="deposit">${icon('into')}${t('deposit')}</button><button class="b line" data-act="open" data-page="add">${icon('plus')}${t('add')}</button></div>
<div class="sec"><h3 class="t-support">${t('yours')}</h3></div><ul class="rows">${methods.methods.map(row)}</ul>
${made.length > 0 && html`<div class="sec"><h3 class="t-support">${t('deposits')}</h3></div><ul class="rows">${made.map(deposit)}</ul>`}
<div class="sec"><h3 class="t-support" id="choice-title">${t('show')}</h3></div><div class="quick" role="group" aria-labelledby="choice-title">${['all', 'most_used', 'largest_balance'].map((it) => html`<button class="chip" data-act="ask" data-choice="${it}" aria-pressed="${String(it === choice)}">${t(`choices.${it}`)}</button>`)}</div>`)}`;
}

const field = (id, label, value = '', kind = 'text') => html`<label class="t-support" for="f-${id}">${label}</label><input id="f-${id}" name="${id}" class="inp" type="${kind}" value="${value}" autocomplete="off">`;

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '0'];

export function deposit(state, local) {
  const { deposits } = state.screens;
  const sources = deposits?.sources || [];
  const wallet = deposits?.wallets[0];
  const option = (it) => html`<option value="${it.id}" ${it.reason ? 'disabled' : ''}>${it.name}${it.balance ? ` · ${money(it.balance)}` : ''}</option>`;
  const { balance } = wallet || {};
  const of = (whole) => ({ ...balance, minor: Math.round(whole * 10 ** balance.decimals) });
  const whole = Number(local.amount.replace(',', '.')) || 0;
  const said = (it) => (balance ? money(of(it)).replace(/[.,]0+(?=\D*$)/, '') : it);
  return html`${bar(t('deposit'))}<div class="bd dp scroll" tabindex="0" role="region" aria-label="${t('deposit')}"><form class="jf" data-submit="deposit"><label class="t-support" for="f-source">${t('from')}</label><select id="f-source" name="source" class="inp" data-keep>${sources.map(option)}</select>
<div class="amt"><p class="t-support c2">${wallet ? t('toWallet', wallet.name) : ''}</p><label class="vh" for="f-amount">${t('amount')}</label><input id="f-amount" name="amount" class="inp sum-in t-amount" inputmode="decimal" value="${local.amount}" data-input="amount" autocomplete="off"><p class="t-support c2">${balance && html`<bdi>${t('after', money({ ...balance, minor: balance.minor + of(whole).minor }))}</bdi>`}</p></div>
<div class="quick">${[20, 50, 100].map((it) => html`<button type="button" class="chip" data-act="amount" data-amount="${it}" aria-pressed="${String(it === whole)}">${said(it)}</button>`)}</div><div class="keys" role="group" aria-label="${t('amount')}">${KEYS.map((it) => html`<button type="button" data-act="key" data-digit="${it}">${it}</button>`)}<button type="button" data-act="key" data-digit="" aria-label="${t('deleteKey')}">${icon('back')}</button></div><button class="b go full big">${t('deposit')} ${balance && whole > 0 && html`<bdi>${money(of(whole))}</bdi>`}</button></form></div>`;
}

export function add(state, scheme) {
  const known = { [state.secrets.bank[0]]: state.secrets.bank[1], [state.secrets.card[0]]: state.secrets.card[1] };
  const wanted = scheme || state.secrets.card[0];
  const kinds = [...new Set([wanted, ...Object.keys(known), 'mastercard', 'amex', 'jcb'])];
  return html`${bar(t('addMethod'))}${region(t('addMethod'), html`<form class="jf" data-submit="link"><label class="t-support" for="f-scheme">${t('scheme')}</label><select id="f-scheme" name="scheme" class="inp" data-keep>${kinds.map((it) => html`<option value="${it}">${it}</option>`)}</select>${field('code', t('linkCode'), known[wanted] || state.secrets.link_code)}<p class="t-support c2">${t('linkHelp')}</p><button class="b go full big">${t('add')}</button></form>`)}`;
}

const DAY = new Intl.DateTimeFormat('en-CA');

export function history(state, local) {
  const rows = state.history?.rows || [];
  const sign = { deposit: ['into', 'in'], use: ['store', ''] };
  const signed = (amount) => html`<bdi>${amount.minor > 0 ? '+' : ''}${money(amount)}</bdi>`;
  const hour = (ms) => new Date(ms).toTimeString().slice(0, 5);
  const back = (kind) => (it) => html`<div class="row h undone" data-key="${it.transfer}"><span class="gi ${kind === 'use' ? 'in' : 'void'}">${icon('undo')}</span><span class="mid"><span class="nm">${t(`undone.${kind}`)}</span><span class="sub block">${DAY.format(it.at_ms)} ${hour(it.at_ms)}</span></span><span class="end"><span class="am ${kind === 'use' ? 'in' : 'void'} block">${signed(it.change)}</span></span></div>`;
  const row = (it) => html`<li data-key="${it.transfer}"><div class="row h"><span class="gi ${sign[it.kind][1]}">${icon(sign[it.kind][0])}</span><span class="mid"><span class="nm">${it.store || t(`kinds.${it.kind}`)}</span><span class="sub block">${hour(it.at_ms)} · ${it.store ? `${t(`kinds.${it.kind}`)} · ` : ''}${it.from ? `${it.from} → ` : ''}${it.method}</span></span><span class="end"><span class="am ${sign[it.kind][1]} block">${signed(it.change)}</span>${it.left && html`<span class="ag block">${t('leftNow', money(it.left))}</span>`}</span></div>${it.refunds.map(back(it.kind))}</li>`;
  const kept = rows.filter((it) => !local.of || it.method === local.of);
  const days = [...new Set(kept.map((it) => DAY.format(it.at_ms)))];
  return html`${big(t('history'))}${region(t('history'), rows.length ? html`${paidInMonth(kept, state.now_ms)}${filter(rows, local.of)}${days.map((day) => html`<div class="sec"><h3 class="t-support">${day === DAY.format(state.now_ms) ? t('today') : day}</h3></div><ul class="rows">${kept.filter((it) => DAY.format(it.at_ms) === day).map(row)}</ul>`)}` : html`<section class="emp"><h3 class="t-title">${t('noHistory')}</h3><p class="t-body c2">${t('noHistoryHelp')}</p></section>`)}`;
}

// What was paid this month, less what came back, in each currency.
function paidInMonth(rows, now) {
  const month = DAY.format(now).slice(0, 7);
  const sums = new Map();
  for (const { kind, change, refunds, at_ms } of rows) {
    if (kind !== 'use' || DAY.format(at_ms).slice(0, 7) !== month) continue;
    const minor = -[change, ...refunds.map((it) => it.change)].reduce((sum, it) => sum + it.minor, 0);
    sums.set(change.currency, { ...change, minor: minor + (sums.get(change.currency)?.minor || 0) });
  }
  const name = new Date(now).toLocaleDateString(language(), { month: 'long' });
  return sums.size > 0 && html`<div class="sum"><div><p class="t-support c2">${t('paidIn', name)}</p><p class="t-amount">${[...sums.values()].map((it) => html`<bdi>${money(it)}</bdi> `)}</p></div></div>`;
}

const filter = (rows, of) => html`<label class="vh" for="of">${t('ofMethod')}</label><select id="of" class="sel of" data-input="of"><option value="">${t('allMethods')}</option>${[...new Set(rows.map((it) => it.method))].map((it) => html`<option value="${it}" ${it === of ? 'selected' : ''}>${it}</option>`)}</select>`;

export function account(state, local) {
  if (!state.screens.is_member) return local.joining ? join(state, local) : logIn(state);
  const { account: screen } = state;
  const device = (it) => html`<li data-key="${it.id}"><div class="row h"><span class="gi">${icon('person')}</span><span class="mid"><span class="nm">${it.name || it.system}</span><span class="sub block">${it.is_this ? t('thisPhone') : ago(it.used_at_ms, state.now_ms)}</span></span></div></li>`;
  const profile = screen?.profile;
  return html`${bar(t('account'))}${region(t('account'), html`${screen && html`<section class="facts"><dl><div><dt>${t('userId')}</dt><dd>${screen.user_id || ''}</dd></div>${profile && html`<div><dt>${t('name')}</dt><dd>${profile.name}</dd></div><div><dt>${t('email')}</dt><dd>${profile.email}</dd></div>`}</dl></section><div class="sec"><h3 class="t-support">${t('devices')}</h3></div><ul class="rows">${screen.devices.slice(0, 5).map(device)}</ul>`}<div class="stackb gapped"><button class="b line full" data-act="log-out">${t('logOut')}</button></div>`)}`;
}

const logIn = (state) => html`<div class="bd jn scroll" tabindex="0" role="region" aria-label="${t('logIn')}"><div class="jt">${logo(64)}<h2 class="t-store">${t('slogan')}</h2><p class="t-body c2">${t('sloganHelp')}</p></div><form class="jf" data-submit="log-in">${field('user_id', t('userId'), state.secrets.user_id)}${field('password', t('password'), state.secrets.password, 'password')}<button class="b go full big">${t('logIn')}</button></form><div class="note plain"><span class="c2">${icon('position')}</span><p class="t-support c2">${t('private')}</p></div><p class="t-support ctr c2">${t('newHere')} <button class="lnk" data-act="join-form">${t('joinSoon')}</button></p></div>`;

function join(state, local) {
  if (local.joinId) {
    const code = state.mail.find((it) => it.to === local.email)?.code || '';
    return html`${bar(t('join'))}${region(t('join'), html`<form class="jf" data-submit="confirm-join"><p class="t-body c2">${t('mailHelp')}</p>${field('code', t('mailed'), code)}<button class="b go full big">${t('confirm')}</button></form>`)}`;
  }
  return html`${bar(t('join'))}${region(t('join'), html`<form class="jf" data-submit="join">${field('user_id', t('userId'), 'marta')}${field('password', t('password'), 'seven quiet lanterns', 'password')}${field('settlement_code', t('settlementNew'), '815204739617', 'password')}${field('name', t('name'), 'Marta Rossi')}${field('address', t('address'), 'Via Carlo Alberto 12, Roma')}${field('phone', t('phone'), '+39 06 555 0100')}${field('email', t('email'), 'marta@example.org')}<button class="b go full big">${t('join')}</button></form>`)}`;
}
