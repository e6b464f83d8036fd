// The phone: which of its pages is open, and what a tap on it does. What it shows is the core's.
import { act, photo, state } from '/calls.js';
import * as camera from '/camera.js';
import { draw, html, raw } from '/draw.js';
import * as herePage from '/here.js';
import { icon } from '/icons.js';
import * as moneyPages from '/money.js';
import * as notices from '/notices.js';
import * as payPages from '/pay.js';
import { clock, direction, has, language, money, setLanguage, t } from '/words.js';

// Where the person is in the app: lost with the page, as it is with an app.
export const local = { tab: 'here', page: null, rtl: false, scale: 1, amount: '50', of: '' };
const root = () => document.getElementById('phone');

const TABS = [['here', 'here'], ['scan', 'scan'], ['money', 'money'], ['history', 'history']];
const tabs = () => html`<nav class="tabs" aria-label="Tillsight"><ul>${TABS.map(([tab, sign]) => html`<li><button data-act="tab" data-tab="${tab}" ${local.tab === tab && !local.page && raw('aria-current="page"')}><span class="ti">${icon(sign)}</span><span class="t-caption">${t(`tabs.${tab}`)}</span></button></li>`)}</ul></nav>`;
const status = (s) => html`<div class="stat" aria-hidden="true"><span class="n">${clock(s.now_ms)}</span><svg width="62" height="16" viewBox="0 0 62 16" fill="currentColor"><path d="M2 12h3v3H2zM7 9h3v6H7zM12 6h3v9h-3zM17 3h3v12h-3z"/><rect x="28.75" y="3.75" width="26.5" height="10.5" rx="3.2" fill="none" stroke="currentColor" stroke-width="1.5"/><rect x="31" y="6" width="19" height="6" rx="1.4"/><path d="M57 7v4a2.2 2.2 0 000-4z"/></svg></div>`;

const rowsOf = (screen) => [...screen.active, ...screen.likely, ...screen.unsure, ...screen.inactive];
const rowOf = (id) => rowsOf(state.screens.settlement).find((row) => row.id === id);

let nearby = () => [];
export function withNearby(call) { nearby = call; }

function page(s) {
  const { settlement, payment } = s.screens;
  const current = payment && payment.id !== local.dismissed ? payment : null;
  if (current?.state === 'done') return payPages.paid(s, local);
  if (current && payPages.hasFailed(current) && current.state !== 'cancelled') return payPages.failed(s);
  if (current?.code && !local.page) return payPages.code(s);
  if (current?.state === 'shown' && current.channel === 'contactless' && !local.page) return payPages.held(s);
  if (current && ['awaited', 'unknown', 'pending', 'cancelling'].includes(current.state)) return payPages.waiting(s);
  const warned = settlement.alarm || settlement.code?.warnings.includes('forged');
  if (warned && local.alarm !== settlement.code?.payee + settlement.alarm?.code_says && local.tab === 'here') return herePage.alarm(settlement);
  switch (local.page) {
    case 'stores': return herePage.stores(settlement, nearby(), local.sought || '');
    case 'why': { const row = rowOf(local.method); if (row) return herePage.why(row, settlement, local.says || []); break; }
    case 'deposit': return moneyPages.deposit(s, local);
    case 'add': return moneyPages.add(s, local.scheme);
    case 'account': return moneyPages.account(s, local);
    default:
  }
  switch (local.tab) {
    case 'scan': return payPages.scan(s, local);
    case 'money': return moneyPages.moneyPage(s);
    case 'history': return moneyPages.history(s, local);
    default: return herePage.here(settlement, s.screens.is_member);
  }
}

function hasSheet(s) {
  const { payment, settlement } = s.screens;
  if (payment?.state === 'to_approve' && payment.id !== local.dismissed) return true;
  return local.scanned && payPages.payable(settlement) && local.tab === 'here' && !local.page;
}

let spoken = '';

export function drawPhone(s) {
  const { settlement } = s.screens;
  if (!settlement) return;
  if (isFirst) leaveEnded();
  isFirst = false;
  setLanguage(local.rtl ? 'rtl' : s.language);
  const node = root();
  Object.assign(node, { lang: language(), dir: direction() });
  node.style.setProperty('--k', local.scale);
  node.classList.toggle('xl', local.scale >= 1.5);
  const error = local.error && html`<div class="toast" role="alert" data-key="toast"><p>${local.error}</p><button class="ub" data-act="close-error" aria-label="${t('close')}">${icon('cross', 'm')}</button></div>`;
  const open = hasSheet(s);
  const inner = s.phone.is_pocketed ? notices.locked(s, status(s)) : html`${status(s)}<div class="pg" data-key="page-${local.tab}-${local.page || s.screens.payment?.state}" ${open ? 'inert' : ''}>${page(s)}</div>${notices.banner(s)}${error}<div class="tb0" data-key="tabs" ${open ? 'inert' : ''}>${tabs()}</div>${open && payPages.sheet(s, local)}`;
  draw(node, inner);
  const say = s.phone.is_pocketed ? '' : settlement.place === 'here' && settlement.store ? `${t('here')} ${settlement.store.name}` : settlement.question ? `${t('areYouIn')} ${t('question', settlement.question.store.name)}` : '';
  if (say !== spoken) document.getElementById('polite').textContent = spoken = say;
}

export function problem(error) {
  if (error.kind === 'desk') return t('failedWith', error.text);
  const key = [error.problem, error.kind].find((it) => it && has(`problem.${it}`));
  return key ? t(`problem.${key}`) : t('failedWith', error.text || error.problem || error.kind);
}

export async function tell(told) {
  const loud = document.getElementById('loud');
  local.error = told.error ? problem(told.error) : null;
  if (local.error) loud.textContent = local.error;
  if (state) drawPhone(state);
  return told;
}

// An ended payment has been seen once the person goes elsewhere, and when the page is opened anew.
function leaveEnded() {
  const { payment } = state.screens;
  if (payment && ['done', 'declined', 'expired', 'cancelled'].includes(payment.state)) local.dismissed = payment.id;
}

let isFirst = true;

const go = (tab, page = null) => { camera.stop(); Object.assign(local, { camera: false, tab, page, error: null, typing: false, scanned: false }); drawPhone(state); };

async function fetchFor(what) {
  if (state.screens.is_member) tell(await act(what));
}

function pay(id) {
  const row = rowOf(id);
  const channel = row?.by?.channel || 'scan';
  local.method = id;
  if (channel !== 'scan') return give(channel, id);
  return go('scan');
}

// The phone gives the till a code: on its screen, or to the till's reader.
async function give(channel, method) {
  const { payment } = state.screens;
  if (payment?.state === 'shown') await act('cancel', { id: payment.id });
  Object.assign(local, { page: null, dismissed: null });
  tell(await act(channel === 'code' ? 'show_code' : 'hold', { id: crypto.randomUUID(), method }));
}

async function look(at) {
  local.looking = true;
  const told = await tell(await act('look', { at }));
  if (!told.error && told.answer?.read === false) tell({ error: { kind: 'desk', text: t(told.answer.hint === 'too_dark' ? 'tooDark' : told.answer.hint === 'too_far' ? 'tooFar' : 'noCode') } });
  else if (!told.error || told.error.problem === 'CodeNotGenuine') { const { error } = local; go('here'); Object.assign(local, { alarm: null, scanned: true }); local.error = error; drawPhone(state); }
}

async function approve(code) {
  const { payment } = state.screens;
  local.busy = true;
  drawPhone(state);
  let id = payment?.state === 'to_approve' && payment.id !== local.dismissed ? payment.id : null;
  let told = {};
  if (!id) {
    id = crypto.randomUUID();
    const rows = [...state.screens.settlement.active, ...state.screens.settlement.likely, ...state.screens.settlement.unsure].filter((row) => !row.by || row.by.channel !== 'contactless');
    const method = rows.find((row) => row.id === local.method) || rows[0];
    told = await act('begin', { id, method: method.id });
    id = state.screens.payment?.id || id;
  }
  if (!told.error && state.screens.payment?.state === 'to_approve') told = await act('approve', { id, settlement_code: code });
  local.busy = false;
  await tell(told);
  if (state.screens.payment?.state === 'done') act('refresh');
}

function endPayment() {
  const { payment } = state.screens;
  Object.assign(local, { dismissed: payment?.id, turned: false });
  go('here');
}

const minor = (text) => Math.round(Number(String(text).replace(',', '.')) * 10 ** decimals());
const decimals = () => state.screens.deposits?.wallets[0]?.balance?.decimals ?? state.till?.zero?.decimals ?? 2;

// What was keyed in, also where the field keeps what somebody typed.
function keyed(amount) {
  if (!/^\d{0,7}([.,]\d{0,2})?$/.test(amount)) return;
  local.amount = amount;
  document.getElementById('f-amount').value = amount;
  drawPhone(state);
}

export const ACTS = {
  tab: ({ tab }) => { leaveEnded(); go(tab); if (tab === 'history') fetchFor('history'); if (tab === 'money') fetchFor('refresh'); },
  open: ({ page, scheme }) => { local.scheme = scheme; go(local.tab, page); if (page === 'account') fetchFor('account'); if (page === 'deposit') fetchFor('history'); },
  back: async () => { if (local.page) return go(local.tab); if (local.tab !== 'here') return go('here'); endPayment(); },
  why: async ({ method }) => {
    Object.assign(local, { method, says: [] });
    go('here', 'why');
    const told = await act('why', { method });
    if (local.method === method) local.says = told.answer || [];
    drawPhone(state);
  },
  pay: ({ method }) => pay(method),
  choose: async ({ store }) => { tell(await act('choose', { store })); go('here'); act('till', { store }); },
  deny: async ({ store }) => { tell(await act('deny', { store })); go('here'); },
  report: async ({ method, said }) => { tell(await act('report', { store: state.screens.settlement.store.id, method, said })); go('here', 'why'); },
  'tell-others': async ({ store, method }) => {
    local.told = state.screens.payment.id;
    tell(await act('report', { store, method, said: 'worked' }));
  },
  refresh: async () => tell(await act('refresh')),
  look: ({ at }) => look(at),
  camera: async () => {
    const wasOn = camera.isOn();
    if (wasOn || local.tab !== 'scan' || local.page) go('scan');
    if (wasOn) return undefined;
    const opened = () => { local.camera = true; drawPhone(state); };
    const seen = (told) => {
      const isCode = !told.error || told.error.problem === 'CodeNotGenuine';
      go(isCode ? 'here' : 'scan');
      if (isCode) Object.assign(local, { alarm: null, scanned: true });
      return tell(told);
    };
    return camera.start(opened, seen).catch(() => tell({ error: { kind: 'desk', text: t('noCamera') } }));
  },
  type: () => { local.typing = !local.typing; drawPhone(state); },
  'dismiss-alarm': () => { const { settlement } = state.screens; local.alarm = settlement.code?.payee + settlement.alarm?.code_says; go('here'); },
  'cancel-sheet': async () => {
    const { payment } = state.screens;
    if (payment?.state === 'to_approve' && payment.id !== local.dismissed) tell(await act('cancel', { id: payment.id }));
    endPayment();
  },
  'cancel-payment': async () => { tell(await act('cancel', { id: state.screens.payment.id })); endPayment(); },
  'show-code': ({ method }) => give('code', method),
  'end-payment': () => { endPayment(); act('refresh'); },
  turn: () => { local.turned = !local.turned; drawPhone(state); },
  'save-receipt': () => save('receipt.json', JSON.stringify(state.screens.payment, null, 2)),
  next: ({ step }) => {
    const { payment } = state.screens;
    endPayment();
    if (step === 'scan_again') go('scan');
    if (step === 'show_again') give('code', payment.method_id);
    if (step === 'hold_again') give('contactless', payment.method_id);
    if (step === 'deposit') go('money', 'deposit');
  },
  ask: async ({ choice }) => tell(await act('ask', { choice, amount_minor: state.ask.amount_minor, has_nfc: state.ask.has_nfc })),
  amount: ({ amount }) => keyed(amount),
  key: ({ digit }) => keyed(digit ? local.amount + digit : local.amount.slice(0, -1)),
  'log-out': async () => { tell(await act('log_out')); go('here'); },
  'join-form': () => { local.joining = true; drawPhone(state); },
  pocket: async () => tell(await act('pocket', { on: !state.phone.is_pocketed })),
  'put-away': async ({ notice }) => tell(await act('put_away', { notice })),
  'not-there': async ({ notice, store }) => { await act('put_away', { notice }); tell(await act('deny', { store })); },
  'open-notice': async ({ notice }) => {
    const { kind } = state.phone.notices.find(({ id }) => id === notice);
    await act('put_away', { notice });
    tell(await act('pocket', { on: false }));
    if (kind === 'at_the_door') return go('here');
    go('history');
    return fetchFor('history');
  },
  'close-error': () => { local.error = null; drawPhone(state); },
};

export const FORMS = {
  text: async ({ text }) => { if (!(await tell(await act('text', { text }))).error) { go('here'); local.scanned = true; drawPhone(state); } },
  approve: ({ code }) => approve(code),
  deposit: async ({ source, amount }) => {
    const wallet = state.screens.deposits.wallets[0];
    const told = await tell(await act('deposit', { id: crypto.randomUUID(), source, amount_minor: minor(amount), currency: wallet.balance.currency }));
    if (!told.error) { go('money'); setTimeout(() => act('refresh'), 1500); }
  },
  link: async ({ scheme, code }) => { if (!(await tell(await act('link', { scheme, code }))).error) go('money'); },
  'log-in': async (form) => { if (!(await tell(await act('log_in', form))).error) go('here'); },
  join: async (form) => {
    const told = await tell(await act('join', form));
    if (!told.error) Object.assign(local, { joinId: told.answer, email: form.email, joined: form });
    drawPhone(state);
  },
  'confirm-join': async ({ code }) => {
    const { joined, joinId } = local;
    if ((await tell(await act('confirm_join', { id: joinId, code }))).error) return;
    Object.assign(local, { joinId: null, joining: false });
    if (!(await tell(await act('log_in', { user_id: joined.user_id, password: joined.password }))).error) go('money', 'add');
  },
};

export const INPUTS = {
  seek: (input) => { local.sought = input.value; drawPhone(state); },
  amount: (input) => keyed(input.value),
  of: (input) => { local.of = input.value; drawPhone(state); },
  method: (input) => { local.method = input.value; drawPhone(state); },
  photo: async (input) => { const [file] = input.files; input.value = ''; if (file) seePhoto(file); },
};

export async function seePhoto(file) {
  const told = await tell(await photo(file));
  if (told.error) return;
  if (told.answer?.read === false) return tell({ error: { kind: 'desk', text: t('noCode') } });
  go('here');
  local.scanned = true;
  drawPhone(state);
}

export function save(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export const textScale = () => local.scale;
export { money };
