// The evidence beside the phone: which store, what each signal said, what works and what that rests on,
// what left the phone, and what the ledger booked. The map's own text.
import { html } from '/draw.js';
import { icon, mark } from '/icons.js';
import { ago, title } from '/words.js';

export const local = { view: 'now' };

const SIGNS = { position: 'position', beacon: 'beacon', signed_code: 'code', unsigned_code: 'code', joined_wifi: 'wifi', wifi: 'wifi', nfc: 'wave', chosen: 'check', habit: 'clock', simulated_position: 'position' };
const SIGNAL = { fix: 'position', beacon: 'beacon', wifi: 'wifi', code: 'code', text: 'code', chosen: 'check', denied: 'cross', visits: 'clock', motion: 'play', scanning: 'beacon', screen: 'here' };
const percent = (permille) => (permille > 0 && permille < 10 ? '<1 %' : `${Math.round(permille / 10)} %`);
const bar = (permille, tint) => html`<span class="pb ${tint}" aria-hidden="true"><i style="width:${permille / 10}%"></i></span>`;

function candidates(state, names) {
  const { stores, none } = state.evidence;
  const { settlement } = state.screens;
  const signs = (id) => settlement.store?.id === id ? settlement.evidence : [];
  const row = (it, nth) => html`<tr class="${nth ? '' : 'first'}" data-key="${it.store}"><th scope="row">${names.get(it.store) || '…'}</th><td class="pw">${bar(it.permille, 'w')}</td><td class="n pc">${percent(it.permille)}</td><td class="ws">${signs(it.store).map((sign) => html`<span title="${sign.replaceAll('_', ' ')}">${icon(SIGNS[sign], 's')}<span class="vh">${sign.replaceAll('_', ' ')}</span></span>`)}</td></tr>`;
  return html`<h3>Which store</h3><table class="ct"><caption class="vh">Stores in question</caption><thead class="vh"><tr><th>Store</th><th>Chance</th><th>Per cent</th><th>What speaks for it</th></tr></thead><tbody>${stores.slice(0, 6).map(row)}<tr class="els" data-key="none"><th scope="row">somewhere else</th><td class="pw">${bar(none, 'w')}</td><td class="n pc">${percent(none)}</td><td class="ws"></td></tr></tbody></table>`;
}

function said(it, names) {
  const { kind, what } = it;
  if (kind === 'fix') return `position, within ${Math.round(what.accuracy_m)} m`;
  if (kind === 'beacon') return `beacon ${what.major}/${what.minor}, ${what.rssi} dBm`;
  if (kind === 'wifi') return `${what.heard.length} access points heard`;
  if (kind === 'code') return `code of ${names.get(what.store) || 'a store'}`;
  if (kind === 'text') return 'a code without a store';
  if (kind === 'chosen' || kind === 'denied') return `${kind === 'chosen' ? 'you said' : 'you said it is not'} ${names.get(what) || 'a store'}`;
  if (kind === 'visits') return what.length ? `${what.length} stores visited before` : 'no store visited before';
  if (kind === 'scanning') return what ? 'listening for beacons' : 'listening ended';
  if (kind === 'screen') return what ? 'the screen was opened' : 'the screen was closed';
  return kind.replaceAll('_', ' ');
}

function signals(state, names, most) {
  const list = state.evidence.signals.slice(0, most);
  const row = (it) => html`<li>${icon(SIGNAL[it.kind] || 'clock', 's')}<span>${said(it, names)}${most > 5 && it.store && html`<small> · ${names.get(it.store)}</small>`}</span><b class="n">${it.factor === null ? '' : `×${it.factor >= 100 ? Math.round(it.factor) : it.factor.toFixed(1)}`}</b></li>`;
  return html`<h3>What each signal said</h3><ul class="sg ${most > 5 ? 'long' : ''}">${list.map(row)}${!list.length && html`<li><span>nothing yet: walk, or drag the position</span></li>`}</ul>`;
}

const TINT = { active: 'go', likely: 'go', unsure: 'un', likely_not: 'of', inactive: 'of' };

function restsOn(row, now) {
  const { stores, take, refuse, source, as_of_ms: at } = row.basis;
  const age = at === null ? '' : ` · ${ago(at, now)}`;
  if (row.reason && row.state === 'inactive' && !source) return `the method itself: ${row.reason.replaceAll('_', ' ')}`;
  if (!source) return `${stores - take - refuse} of ${stores} ${stores === 1 ? 'store' : 'stores'} silent`;
  return `${take} take it, ${refuse} do not, ${stores - take - refuse} silent · ${source.replaceAll('_', ' ')}${age}`;
}

function methods(state) {
  const { settlement } = state.screens;
  const rows = [...settlement.active, ...settlement.likely, ...settlement.unsure, ...settlement.inactive];
  const row = (it) => {
    const { low, high } = it.chance;
    const chance = low === high ? percent(low) : `${Math.floor(low / 10)}–${Math.ceil(high / 10)} %`;
    return html`<tr data-key="${it.id}"><th scope="row">${mark(it.state, (low + high) / 2, 20)}<span>${it.name}<small>${restsOn(it, settlement.drawn_at_ms)}</small></span></th><td class="pw">${bar((low + high) / 2, TINT[it.state])}</td><td class="n pc">${chance}</td></tr>`;
  };
  return html`<h3>What works</h3><table class="ct mt"><caption class="vh">Methods, chance and basis</caption><thead class="vh"><tr><th>Method</th><th>Chance</th><th>Per cent</th></tr></thead><tbody>${rows.map(row)}</tbody></table>`;
}

const shortPath = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}');

function sent(state) {
  const row = (it) => html`<tr><td class="n">${new Date(it.at_ms).toTimeString().slice(0, 8)}</td><td>${it.method} ${shortPath(it.path)}${it.fields.length > 0 && html`<small>${it.fields.join(', ')}</small>`}</td><td class="n e">${it.bytes} B</td><td class="n e">${it.status ?? 'no answer'}</td></tr>`;
  const kinds = { tiles: 'tiles of stores', rotating_beacon: 'the first bits of a rotating id', position: 'position, asked for', beacon: 'beacon, asked for', access_point: 'access point, asked for', store_code: 'store code, asked for', report_credential: 'the right to report', report: 'a report on a store' };
  const told = (it) => [it.about_m !== null && `within ${it.about_m} m`, it.shared_by !== null && `one of ${it.shared_by} beacons`, it.as_member ? 'as the member' : 'as nobody'].filter(Boolean).join(', ');
  const use = (it) => html`<tr><td class="n">${new Date(it.at_ms).toTimeString().slice(0, 8)}</td><td>${kinds[it.kind]}</td><td class="e">${told(it)}</td></tr>`;
  const uses = state.position_uses;
  const log = html`<h3>What told where the phone is <button class="lnk" data-act="forget-uses"${uses.length ? '' : html` disabled`}>Forget these</button></h3>${uses.length ? html`<table class="ct snt"><caption class="vh">Position use</caption><thead class="vh"><tr><th>Time</th><th>Look-up</th><th>What it told</th></tr></thead><tbody>${uses.slice(0, 12).map(use)}</tbody></table>` : html`<p class="sm">Nothing did.</p>`}`;
  return html`${log}<h3>What left the phone: calls to the wallet server, and the names of what was in them</h3><table class="ct snt"><caption class="vh">Calls</caption><thead class="vh"><tr><th>Time</th><th>Call</th><th>Bytes</th><th>Answer</th></tr></thead><tbody>${state.sent.slice(0, 24).map(row)}</tbody></table>`;
}

function plan(state) {
  const { plan: it } = state;
  const beacons = { off: 'no beacons', watch: 'beacons, cheaply', burst: 'beacons, all there is' };
  const next = !it ? 'nothing' : [it.fixes_every_ms ? `fixes every ${it.fixes_every_ms / 1000} s` : 'no fixes of its own', beacons[it.beacons], it.wifi && 'access points', it.fences && `${it.fences} fences`].filter(Boolean).join(', ');
  const last = state.sent[0];
  return html`<p class="plan">${icon('clock', 's')}<span><b>Left the phone last: ${last ? `${last.method} ${shortPath(last.path)}` : 'nothing'}.</b> Listening next: ${next}.</span></p>`;
}

export function evidence(state, names) {
  const views = [['now', 'Now'], ['signals', 'Signals'], ['sent', 'Sent']];
  const body = { now: () => html`${candidates(state, names)}${signals(state, names, 3)}${methods(state)}`, signals: () => signals(state, names, 24), sent: () => sent(state) }[local.view]();
  return html`<div class="ch"><h2 id="evidence-title">Evidence</h2><div class="segd" role="group" aria-label="Evidence view">${views.map(([view, name]) => html`<button data-act="view" data-view="${view}" aria-pressed="${String(view === local.view)}">${name}</button>`)}</div></div><div class="evb" tabindex="0" role="region" aria-labelledby="evidence-title">${body}</div>${plan(state)}`;
}

// `member:<id>:wallet:EUR` and the like, as a person would say it.
function holder(account) {
  const [kind, ...rest] = account.split(':');
  const name = { member: 'the member', store: 'the store', clearing: `clearing of ${rest[0]}` }[kind];
  return name || `${kind} ${rest[0] || ''}`;
}

export function ledger(state) {
  const { transfers, sum } = state.ledger;
  const money = (minor, currency) => { const format = new Intl.NumberFormat('en-IE', { style: 'currency', currency }); return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits); };
  const pairs = transfers.flatMap((it) => {
    const rows = [];
    for (let nth = 0; nth + 1 < it.entries.length; nth += 2) {
      const two = it.entries.slice(nth, nth + 2);
      const from = two.find((entry) => entry.debit > 0) || two[0];
      const to = two.find((entry) => entry.credit > 0) || two[1];
      const back = it.kind === 'payment' && from.account.startsWith('store:') && to.account.startsWith('member:');
      rows.push({ it, from, to, amount: from.debit || to.credit, state: back ? 'refunded' : 'posted' });
    }
    return rows.length ? rows : [{ it, state: 'pending' }];
  });
  const sign = { posted: ['check', 'posted'], refunded: ['undo', 'refund'], pending: ['clock', 'pending'] };
  const row = ({ it, from, to, amount, state: stands }) => html`<tr><td class="n">${new Date(it.at_ms).toTimeString().slice(0, 8)}</td><td class="n mono">${it.id.slice(0, 8)}</td><td title="${from?.account || ''}">${from ? holder(from.account) : it.kind}</td><td title="${to?.account || ''}">${to ? holder(to.account) : ''}</td><td class="n e">${from ? money(amount, from.currency) : ''}</td><td><span class="stt ${sign[stands][1]}">${icon(sign[stands][0], 's')}${stands}</span></td></tr>`;
  return html`<div class="ch"><h2 id="ledger-title">Ledger</h2><p class="sm">debits less credits: <b class="n">${sum}</b></p></div><div class="ldb" tabindex="0" role="region" aria-labelledby="ledger-title">${pairs.length ? html`<table><thead><tr><th>Time</th><th>Transfer</th><th>From</th><th>To</th><th class="e">Amount</th><th>State</th></tr></thead><tbody>${pairs.slice(0, 12).map(row)}</tbody></table>` : html`<p class="sm pad">Nothing has been booked yet. Pay at the till, or deposit.</p>`}</div>`;
}

export const nameOf = (map) => new Map(map.stores.map((store) => [store.id, title(store)]));
