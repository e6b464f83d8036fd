// The store's terminal beside the phone: it charges, shows its code, reads the phone's, gives back.
import { act, state } from '/calls.js';
import { html } from '/draw.js';
import { icon, qr } from '/icons.js';
import { money } from '/words.js';

const STATE = { open: 'Waiting for the customer', paying: 'The customer is asked to approve', paid: 'Paid', ended: 'Taken back, or its time is over' };
const minor = (text) => Math.round(Number(String(text).replace(',', '.')) * 10 ** (state.till?.zero.decimals ?? 2));

export function till(s) {
  const { till: it } = s;
  if (!it) return html`<div class="ch"><h2 id="till-title">Till</h2></div><p class="sm pad">The till of the store that the phone is in stands here.</p><div class="tbn one"><button class="b line dense" data-act="till" data-store="${s.walk.store}">Set up the till of ${s.walk.name}</button></div>`;
  const left = it.code ? Math.max(0, Math.round((it.code.until_ms - s.now_ms) / 1000)) : 0;
  const open = it.state === 'open' || it.state === 'paying';
  const given = s.screens.payment?.state === 'shown' ? s.screens.payment.channel : null;
  const paid = it.day.find((row) => row.settlement && row.refunded.minor < row.amount.minor);
  const chip = it.away ? html`<p class="chip age">${icon('offline', 's')}server away</p>` : html`<p class="chip ${open || it.state === 'paid' ? 'go' : ''}">${icon(it.state === 'paid' ? 'check' : 'beacon', 's')}${it.state || 'ready'}</p>`;
  const body = open ? html`<div class="tb"><div class="tq">${it.code ? qr(it.code.rows, 104, 'Code of the till') : icon('code', 'l')}</div><div class="ti2"><p class="sm">Charge</p><p class="ta n">${money(it.amount)}</p><p class="sm" role="status">${STATE[it.state]}</p>${it.code && html`<div class="pgr" role="progressbar" aria-label="Time left" aria-valuenow="${left}" aria-valuemin="0" aria-valuemax="60"><i style="width:${Math.min(100, left / 0.6)}%"></i></div><p class="sm n">${left} s, then a new code</p>`}</div></div>`
    : html`<form class="charge" data-submit="charge"><label class="sm" for="charge">Amount to charge</label><input id="charge" name="amount" class="inp ta n" inputmode="decimal" value="12.50" autocomplete="off"><p class="sm" role="status">${it.state === 'paid' ? html`<b class="won2">Paid ${money(it.amount)}</b> · ` : ''}today ${money(it.total)} in ${it.day.length} ${it.day.length === 1 ? 'payment' : 'payments'}</p></form>`;
  return html`<div class="ch"><h2 id="till-title">Till of ${it.name}</h2>${chip}</div>${body}<div class="tbn">${open ? html`<button class="b line dense" data-act="end-charge">${icon('cross', 's')}Cancel</button>` : html`<button class="b line dense" data-act="refund" ${paid ? '' : 'disabled'} data-settlement="${paid?.settlement || ''}" data-left="${paid ? paid.amount.minor - paid.refunded.minor : 0}">${icon('undo', 's')}Refund</button>`}<button class="b line dense" data-act="${given === 'contactless' ? 'tap' : 'read'}" ${given ? '' : 'disabled'}>${given === 'contactless' ? html`${icon('wave', 's')}Read the phone` : html`${icon('camera', 's')}Read a code`}</button><button class="b go dense" data-act="charge">New charge</button></div>`;
}

const amount = () => minor(document.getElementById('charge')?.value || '12.50');

export const acts = (tell) => ({
  till: async ({ store }) => tell(await act('till', { store })),
  charge: async () => tell(await act('charge', { amount_minor: amount() })),
  read: async () => tell(await act('read', { amount_minor: amount() })),
  tap: async () => tell(await act('tap', { amount_minor: amount() })),
  'end-charge': async () => tell(await act('end_charge')),
  refund: async ({ settlement, left }) => tell(await act('refund', { settlement, amount_minor: Number(left) })),
});
