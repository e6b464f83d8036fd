// The store's page: charges, shows the code, says what came of it, keeps the day and gives back. It has no
// state of its own but what is being keyed in.
import { draw, html, raw } from '/draw.js';
import { icon, logo, mark, qr } from '/icons.js';

const given = new URLSearchParams(location.search);
if (given.get('token')) sessionStorage.setItem('token', given.get('token'));
const headers = { 'x-tillsight-token': sessionStorage.getItem('token') || '' };
history.replaceState(null, '', location.pathname);

let state = null;
const local = { view: 'charge', keyed: '', turned: false, ask: null, show: false, error: null, busy: false };
const $ = (id) => document.getElementById(id);

const money = (amount) => new Intl.NumberFormat('en-IE', { style: 'currency', currency: amount.currency, minimumFractionDigits: amount.decimals }).format(amount.minor / 10 ** amount.decimals);
const of = (minor) => ({ ...state.till.zero, minor });
const clock = (ms) => new Date(ms).toTimeString().slice(0, 5);
const short = (id) => (id || '').slice(0, 8);
const WAYS = { scan: 'scan', code: 'code', contactless: 'tap' };
const WORDS = { open: 'Waiting for the customer', paying: 'The customer is asked to approve' };

async function act(what, more = {}) {
  local.busy = true;
  show();
  try {
    const reply = await fetch('/do', { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ do: what, ...more }) });
    const told = await reply.json();
    local.error = told.error;
    take(told.state);
  } catch {
    local.error = 'The terminal does not answer. Start it again.';
  }
  local.busy = false;
  show();
  return !local.error;
}

function take(next) {
  if (state && next.revision < state.revision) return;
  const before = state?.till.state;
  state = next;
  if (state.till.state === 'paid' && before !== 'paid') $('polite').textContent = `Paid ${money(state.till.amount)}`;
  show();
}

async function follow() {
  for (;;) {
    try {
      const reply = await fetch(state ? `/state?after=${state.revision}` : '/state', { headers });
      if (reply.status === 401) return;
      take(await reply.json());
    } catch {
      local.error = 'The terminal does not answer. Start it again.';
      if (state) show();
      await new Promise((next) => setTimeout(next, 1000));
    }
  }
}

const head = (till) => html`<header class="top"><div class="sn">${logo(40)}<div><h1 class="t-title">${till.name || 'Till'}</h1><p class="t-support c2">${till.address}</p></div></div><nav class="tn" aria-label="Till">${[['charge', 'plus', 'Charge'], ['today', 'history', 'Today'], ['sign', 'code', 'My sign']].map(([view, sign, name]) => html`<button data-act="view" data-view="${view}" ${view === local.view && raw('aria-current="page"')}>${icon(sign, 'm')}${name}</button>`)}</nav></header>`;

function charge({ till, takes }) {
  const minor = Number(local.keyed || 0);
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '00', '0'];
  const schemes = [...new Map(takes.map((it) => [it.name, takes.filter((other) => other.name === it.name)]))].slice(0, 6);
  const row = ([name, claims]) => {
    const yes = claims.filter((it) => it.acceptance === 'accepted').map((it) => WAYS[it.channel]);
    return html`<li>${mark(yes.length ? 'active' : 'inactive', 0, 20)}<span>${name}</span><span class="ch">${yes.length ? yes.join(', ') : 'not taken'}</span></li>`;
  };
  return html`<div class="g2"><section class="card" aria-label="Charge"><div class="sum"><p class="t-support c2">Amount to charge</p><p class="t-till n" role="status" id="sum">${money(of(minor))}</p></div><div class="keys">${keys.map((key) => html`<button data-act="key" data-key="${key}" data-digits="${key}">${key}</button>`)}<button data-act="erase" aria-label="Erase">${icon('back', 'm')}</button></div><button class="b go big" data-act="charge" ${minor && !local.busy ? '' : 'disabled'}>Charge <bdi>${money(of(minor))}</bdi></button></section>
<div class="side"><section class="card"><h2 class="t-support c2">Today</h2><p class="t-amount n">${money(till.total)}</p><p class="t-support c2">${count(till)}</p></section>${schemes.length > 0 && html`<section class="card"><h2 class="t-label">Customers at the door see</h2><ul class="takes">${schemes.map(row)}</ul></section>`}</div></div>`;
}

function count(till) {
  const back = till.day.filter((it) => it.refunded.minor > 0).length;
  return `${till.day.length} ${till.day.length === 1 ? 'payment' : 'payments'}${back ? ` · ${back} ${back === 1 ? 'refund' : 'refunds'}` : ''}`;
}

function waiting({ till, has_reader: reader, now_ms: now }) {
  const left = till.code ? Math.max(0, Math.round((till.code.until_ms - now) / 1000)) : 0;
  const isOpen = till.state === 'open';
  return html`<header class="top"><div class="sn">${logo(40)}<h1 class="t-title">${till.name || 'Till'}</h1></div><div class="two">${till.code && html`<button class="b line" data-act="turn">${icon('renew', 'm')}Turn</button>`}<button class="b line" data-act="end" ${isOpen ? '' : 'disabled'}>Cancel</button></div></header>
<div class="pay ${local.turned ? 'turned' : ''}"><div class="qr">${till.code ? qr(till.code.rows, 384, 'Code to scan') : html`<p class="t-title ctr">${WORDS[till.state]}</p>`}</div><div><p class="t-support c2">To pay at ${till.name || 'this store'}</p><p class="amount88 n">${money(till.amount)}</p>${isOpen && html`<div class="ways">${reader ? html`<button data-act="tap">${icon('wave')}<b>Tap</b><small>Hold the phone here</small></button>` : html`<div>${icon('wave')}<b>Tap</b><small>This till has no reader</small></div>`}<div>${icon('scan')}<b>Scan</b><small>Point the phone at the code</small></div><button data-act="show">${icon('camera')}<b>Show</b><small>We read the phone’s code</small></button></div>`}
${local.show && html`<form data-submit="read" class="gap"><label class="t-support" for="code">Code on the customer’s phone: scan or type it</label><input id="code" name="code" class="inp" autocomplete="off" required><button class="b go">Charge it</button></form>`}
<p class="t-label c2" role="status">${till.away ? `The wallet server does not answer: ${till.away}` : WORDS[till.state]}</p>${till.code && html`<p class="t-support c2 n">${left} s left for this code, then a new one</p>`}</div></div>`;
}

function over({ till, has_cashiers: cashiers }) {
  const paid = till.state === 'paid';
  const row = till.day.find((it) => it.settlement === till.settlement);
  return html`<div class="g2 over"><section class="${paid ? 'won' : 'card won2'}" role="${paid ? 'status' : 'alert'}">${paid ? html`${icon('check', 'l')}<h1 class="t-title">Paid</h1><p class="amount88 n">${money(till.amount)}</p><p class="t-body">${WAYS[till.channel]} · ${clock(row?.at_ms || state.now_ms)}</p>` : html`<h1 class="t-store">Not paid</h1><p class="t-body c2">Nothing was taken: it was taken back, nobody paid in time, or the customer’s method does not work here.</p>`}</section><div class="side">${paid && html`<section class="card gap"><h2 class="t-title">Receipt</h2><p class="t-label n">${money(till.amount)}</p><p class="t-support c2 n">Transfer ${short(till.settlement)}</p><p class="t-support c2">The receipt is on the customer’s phone.</p></section>${cashiers && row && html`<button class="b line" data-act="ask-refund" data-settlement="${till.settlement}">${icon('undo', 'm')}Refund</button>`}`}<button class="b go big" data-act="end">Next customer</button></div></div>`;
}

function today({ till, has_cashiers: cashiers }) {
  const row = (it) => {
    const left = it.amount.minor - it.refunded.minor;
    return html`<tr data-key="${it.settlement}"><td class="n">${clock(it.at_ms)}</td><td class="way">${WAYS[it.channel]}</td><td class="n">${short(it.settlement)}</td><td>${left < it.amount.minor ? (left ? `${money(it.refunded)} given back` : 'refunded') : 'paid'}</td><td class="n e">${money(it.amount)}</td><td class="e">${cashiers && left > 0 && html`<button class="b line dense" data-act="ask-refund" data-settlement="${it.settlement}" aria-label="Refund ${money(it.amount)} of ${clock(it.at_ms)}">Refund</button>`}</td></tr>`;
  };
  const sum = (it) => html`<p class="t-body n">${it.settlements} payments ${money({ ...till.zero, currency: it.currency, minor: it.captured })}, ${it.refunds} refunds ${money({ ...till.zero, currency: it.currency, minor: it.refunded })}</p>`;
  return html`<div class="g2"><section class="card" aria-label="Payments of today">${till.day.length ? html`<table class="day"><thead><tr><th>Time</th><th class="way">By</th><th>Transfer</th><th>State</th><th class="e">Amount</th><th><span class="vh">Refund</span></th></tr></thead><tbody>${till.day.map(row)}</tbody></table>` : html`<p class="t-body c2">Nothing was paid yet.</p>`}</section><div class="side"><section class="card"><h2 class="t-support c2">Since the last closing</h2><p class="t-amount n" id="total">${money(till.total)}</p><p class="t-support c2">${count(till)}</p></section>${till.closed && html`<section class="card gap"><h2 class="t-label">Closed at ${clock(till.closed.at)}</h2>${till.closed.sums.length ? till.closed.sums.map(sum) : html`<p class="t-body c2">Nothing had moved.</p>`}</section>`}${cashiers ? html`<button class="b line" data-act="ask-close">${icon('save', 'm')}Close the day</button>` : html`<p class="t-support c2">Refunds and closing need the cashiers’ codes: start the terminal with --cashiers FILE.</p>`}</div></div>`;
}

const sign = ({ sign: it, till }) => html`<div class="pay"><div class="qr">${qr(it.rows, 384, `Sign of ${till.name}`)}</div><div class="gap"><h2 class="t-store">Scan our code</h2><p class="t-body c2">Customers scan it at the counter: their phone then says what works here.</p></div></div>`;

function ask() {
  const it = local.ask;
  if (!it) return '';
  const row = state.till.day.find((paid) => paid.settlement === it.settlement);
  const left = row ? (row.amount.minor - row.refunded.minor) / 10 ** row.amount.decimals : 0;
  return html`<div class="scrim" data-act="ask-nothing" data-key="scrim"></div><form class="ask" data-key="ask" role="dialog" aria-modal="true" aria-labelledby="ask-title" data-submit="${it.what}"><h2 class="t-title" id="ask-title">${it.what === 'refund' ? 'Give back' : 'Close the day'}</h2>${it.what === 'refund' && html`<label class="t-support" for="back">Amount</label><input id="back" name="amount" class="inp n" inputmode="decimal" value="${left.toFixed(row?.amount.decimals ?? 2)}" autocomplete="off" required>`}<label class="t-support" for="pin">Cashier’s code</label><input id="pin" name="code" class="inp" type="password" inputmode="numeric" autocomplete="off" required><div class="two"><button type="button" class="b line" data-act="ask-nothing">Cancel</button><button class="b go" ${local.busy ? 'disabled' : ''}>${it.what === 'refund' ? 'Give back' : 'Close'}</button></div></form>`;
}

function show() {
  if (!state) return;
  const { till } = state;
  const open = ['open', 'paying'].includes(till.state);
  const views = { charge, today, sign };
  const body = open ? waiting(state) : till.state && local.view === 'charge' ? over(state) : html`${head(till)}${views[local.view](state)}`;
  draw($('till'), html`${body}${local.error && html`<p class="err" role="alert" data-key="err">${local.error}<button class="b quiet dense" data-act="close-error">Close</button></p>`}${ask()}`);
}

const key = (digits) => { if (local.keyed.length + digits.length <= 9) local.keyed = (local.keyed + digits).replace(/^0+/, ''); show(); };
const minor = (text) => Math.round(Number(String(text).replace(',', '.')) * 10 ** state.till.zero.decimals);

const ACTS = {
  view: async ({ view }) => { if (state.till.state && view === 'charge') await act('end'); local.view = view; show(); },
  key: ({ digits }) => key(digits),
  erase: () => { local.keyed = local.keyed.slice(0, -1); show(); },
  charge: async () => { if (await act('charge', { amount_minor: Number(local.keyed) })) Object.assign(local, { keyed: '', turned: false, show: false }); show(); },
  end: async () => { await act('end'); Object.assign(local, { view: 'charge', turned: false, show: false }); show(); },
  tap: () => act('tap', { amount_minor: state.till.amount.minor }),
  show: () => { local.show = !local.show; show(); $('code')?.focus(); },
  turn: () => { local.turned = !local.turned; show(); },
  'ask-refund': ({ settlement }) => { local.ask = { what: 'refund', settlement }; show(); $('pin').focus(); },
  'ask-close': () => { local.ask = { what: 'close' }; show(); $('pin').focus(); },
  'ask-nothing': () => { local.ask = null; show(); },
  'close-error': () => { local.error = null; show(); },
};

const FORMS = {
  read: async ({ code }) => { if (await act('read', { amount_minor: state.till.amount.minor, code })) local.show = false; show(); },
  refund: async ({ amount, code }) => { const { settlement } = local.ask; if (await act('refund', { settlement, amount_minor: minor(amount), code })) Object.assign(local, { ask: null, view: 'today' }); show(); },
  close: async ({ code }) => { if (await act('close', { code })) local.ask = null; show(); },
};

document.body.addEventListener('click', (event) => {
  const button = event.target.closest('[data-act]');
  if (button && !button.disabled) ACTS[button.dataset.act](button.dataset);
});
document.body.addEventListener('submit', (event) => {
  event.preventDefault();
  FORMS[event.target.dataset.submit](Object.fromEntries(new FormData(event.target)));
});
document.body.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && local.ask) return ACTS['ask-nothing']();
  const isKeyed = state && !local.ask && local.view === 'charge' && !state.till.state;
  if (!isKeyed || event.target.closest('input')) return undefined;
  if (/^[0-9]$/.test(event.key)) key(event.key);
  if (event.key === 'Backspace') ACTS.erase();
  return undefined;
});
if (matchMedia('(prefers-color-scheme: dark)').matches) document.documentElement.dataset.theme = 'dark';
setInterval(() => { if (state?.till.code) { state.now_ms += 1000; show(); } }, 1000);
follow();
