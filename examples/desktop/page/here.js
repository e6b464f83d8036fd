// The settlement screen: where the phone is, what works there and why the rest does not.
import { html } from '/draw.js';
import { icon, mark } from '/icons.js';
import { ago, clock, days, has, kindOf, money, t, title } from '/words.js';

const WORD = { active: 'worksHere', likely: 'likely', unsure: 'unsure', likely_not: 'likelyNot', inactive: 'inactive' };
const TINT = { active: 'go', likely: 'go', unsure: 'un', likely_not: 'off', inactive: 'off' };
// An older balance is said to be old.
const OLD_S = 600;

const middle = (chance) => Math.round((chance.low + chance.high) / 2);

// Five pips only from 0.95, none only to 0.05: what is not certain never looks so.
function pips(chance, tint) {
  const permille = middle(chance);
  const on = permille >= 950 ? 5 : permille <= 50 ? 0 : Math.min(4, Math.max(1, Math.round(permille / 200)));
  return html`<span class="pips ${tint}" aria-hidden="true">${[1, 2, 3, 4, 5].map((n) => html`<i class="${n <= on ? 'on' : ''}"></i>`)}</span>`;
}

export function basis(row, now) {
  const { stores, take, refuse, source, as_of_ms } = row.basis;
  if (stores > 1 && row.by) return t('takeOf', take, stores);
  if (stores > 1 && refuse > 0 && !row.reason) return t('ofStores', take, stores);
  if (!source || as_of_ms === null) return '';
  return t('basis', t(`source.${source}`), days(as_of_ms, now));
}

// The second line of a row: how to pay or why not, and what that rests on.
function remark(row, now) {
  if (row.state === 'inactive') return t(`reason.${row.reason || 'store_does_not_take'}`);
  const way = row.by ? t(`channel.${row.by.channel}`) : '';
  const why = row.reason ? t(`reason.${row.reason}`) : '';
  const rest = row.state === 'active' ? way : basis(row, now) || why || way || t('nobody');
  return html`<b class="${TINT[row.state]}">${t(WORD[row.state])}</b> · ${row.state === 'unsure' && row.reason === 'store_list_unknown' ? t('nobody') : rest}`;
}

function age(row, screen) {
  if (!row.balance) return html`<span class="ag block">${t('unknownBalance')}</span>`;
  const seconds = (screen.drawn_at_ms - row.balance_as_of_ms) / 1000;
  const shown = seconds > OLD_S || screen.freshness.server === 'away';
  return shown && html`<span class="ag old block">${ago(row.balance_as_of_ms, screen.drawn_at_ms)}</span>`;
}

export function methodRow(row, screen) {
  const now = screen.drawn_at_ms;
  return html`<li data-key="${row.id}"><button class="row ${row.state === 'inactive' ? 'no' : ''}" data-act="why" data-method="${row.id}">${mark(row.state, middle(row.chance))}<span class="mid"><span class="nm">${row.name}</span><span class="sub block">${remark(row, now)}</span></span><span class="end">${row.balance && html`<span class="am block"><bdi>${money(row.balance)}</bdi></span>`}${age(row, screen)}</span></button></li>`;
}

const section = (name, rows, screen) => rows.length > 0
  && html`<div class="sec"><h3 class="t-support">${name}</h3></div><ul class="rows">${rows.map((row) => methodRow(row, screen))}</ul>`;

// The one solid block: the method to use. Solid only when it works, an outline when it probably does.
function recommended(row, screen) {
  const works = row.state === 'active';
  const channel = row.by?.channel || 'scan';
  const rests = basis(row, screen.drawn_at_ms);
  const say = channel === 'contactless' && row.by ? t('say', row.by.scheme_name) : '';
  const old = screen.freshness.server === 'away' && row.balance_as_of_ms;
  return html`<div class="rec ${works ? 'go' : 'lk'}" role="group" aria-label="${t(WORD[row.state])}: ${row.name}">
${works && html`<svg class="arcs flip" viewBox="0 0 160 220" fill="none" aria-hidden="true"><path d="M26 168a74 74 0 000-104M62 196a122 122 0 000-160M98 224a170 170 0 000-216" stroke="currentColor" stroke-width="16" stroke-linecap="round"/></svg>`}
<p class="rt">${mark(row.state, middle(row.chance))}<b class="t-label">${t(WORD[row.state])}</b>${!works && html`<span class="pe">${pips(row.chance, 'go')}</span>`}</p>
<p class="t-store rn clamp2">${row.name}</p><p class="ra">${row.balance ? html`<bdi class="t-title">${money(row.balance)}</bdi> <span class="t-support">${t('left')}${old && html` · ${ago(old, screen.drawn_at_ms)}`}</span>` : html`<span class="t-support">${t('unknownBalance')}</span>`}</p>
<p class="t-support rb">${[rests, say].filter(Boolean).join(' · ')}</p>
<button class="b ${works ? 'inv' : 'go'} full" data-act="pay" data-method="${row.id}">${icon(channel === 'contactless' ? 'wave' : channel === 'code' ? 'code' : 'scan')}<span>${t(`pay.${channel}`)}</span></button></div>`;
}

const account = () => html`<button class="ub" data-act="open" data-page="account" aria-label="${t('account')}">${icon('person', 'm')}</button>`;

function heading(screen) {
  const { place, store, question, candidates } = screen;
  const count = candidates.length + (store ? 1 : 0);
  if (place === 'choose' && question) {
    const settles = question.settles > 0 ? t('likeliest', count, question.settles) : t('likeliestOnly', count);
    return html`<section class="ask-c"><p class="whr"><span class="ring"></span>${t('areYouIn')}</p><h2 class="t-store clamp2">${t('question', title(question.store))}</h2><p class="t-support c2">${count > 1 ? settles : question.store.address || kindOf(question.store.industry)}</p><div class="two"><button class="b where" data-act="choose" data-store="${question.store.id}">${t('yes')}</button><button class="b line" data-act="open" data-page="stores">${t('another')}</button></div></section>`;
  }
  if (!store || place === 'nowhere') return html`<div class="sh"><div class="shl"><p class="whr"><span class="ring"></span>${t('nowhere')}</p><p class="t-body c2">${t('nowhereHelp')}</p></div>${account()}</div>`;
  const known = screen.evidence.filter((sign) => has(`evidence.${sign}`)).map((sign) => t(`evidence.${sign}`));
  const street = store.address.split(',')[0];
  const line = [street, place === 'here' ? known.slice(0, 2).join(', ') : store.distance_m !== null && `${store.distance_m} m`].filter(Boolean).join(' · ');
  const where = place === 'here' ? html`<span class="dot"></span>${t('here')}` : html`<span class="ring"></span>${count > 1 ? t('atOne', count) : t('nearOne')}`;
  return html`<div class="sh"><div class="shl"><p class="whr">${where}</p><h2 class="t-store clamp2">${title(store)}</h2><p class="t-support c2">${line}${place !== 'here' && html` · <button class="lnk" data-act="open" data-page="stores">${t('another')}</button>`}</p></div>${account()}</div>`;
}

function notes(screen) {
  const { freshness } = screen;
  const age = freshness.balances_as_of_ms ? ago(freshness.balances_as_of_ms, screen.drawn_at_ms) : t('never');
  return html`${freshness.server === 'away' && html`<div class="note age" role="status">${icon('offline')}<p><b>${t('offline')}</b><br>${t('offlineHelp', age)}</p></div>`}
${freshness.server === 'logged_out' && html`<div class="note plain">${icon('person')}<p class="t-support"><b>${t('loggedOut')}</b><br>${t('loggedOutHelp')}</p><button class="b go dense" data-act="open" data-page="account">${t('logIn')}</button></div>`}${screen.storage.map((it) => html`<div class="note age" role="status">${icon('offline')}<p>${t(`storage.${it}`)}</p></div>`)}`;
}

function footer(screen) {
  const { freshness } = screen;
  const asOf = freshness.balances_as_of_ms;
  const age = asOf ? ago(asOf, screen.drawn_at_ms) : t('never');
  const balances = { live: html`${t('live')} · <bdi>${asOf ? clock(asOf) : ''}</bdi>`, awaited: t('awaited'), away: t('away', age), logged_out: t('out') }[freshness.server];
  return html`<p class="fr t-caption"><button class="fresh" data-act="refresh"><span class="${freshness.server === 'live' ? 'ok' : 'old'}"></span>${balances}</button>${freshness.stores_age_s && html` · ${t('oldStores', Math.floor(freshness.stores_age_s / 86400))}`}<span class="sp"></span>${screen.attributions.join(' ')}</p>`;
}

function suggestions(screen) {
  if (screen.store_list_unknown && !screen.suggestions.length) return screen.place === 'here' && html`<p class="t-support c2 pad">${t('askAtTill')}</p>`;
  if (!screen.suggestions.length) return '';
  const name = screen.place === 'here' && screen.store ? t('takes', title(screen.store)) : t('takenHere');
  const row = (it, nth) => html`<li data-key="${it.scheme}"><div class="row"><span class="gi">${icon('card')}</span><span><span class="nm">${it.scheme_name}</span><span class="sub block">${it.channels.map((way) => t(`ways.${way}`)).join(', ')} · ${it.how_to_register}</span></span><button class="b ${nth ? 'line' : 'go'} dense" data-act="open" data-page="add" data-scheme="${it.scheme}" aria-label="${t('add')} ${it.scheme_name}">${t('add')}</button></div></li>`;
  return html`<div class="sec"><h3 class="t-support">${name}</h3></div><ul class="rows sug">${screen.suggestions.map(row)}</ul>`;
}

const nothing = () => html`<section class="emp"><div class="ei" aria-hidden="true">${mark('active')}${mark('likely', 750)}${mark('unsure')}</div><h3 class="t-title">${t('first')}</h3><p class="t-body c2">${t('firstHelp')}</p></section>`;

export function here(screen, isMember) {
  const usable = [...screen.active, ...screen.likely];
  const all = [...usable, ...screen.unsure, ...screen.inactive];
  const [first, ...rest] = usable;
  const inPlace = screen.place !== 'nowhere' && screen.store;
  const body = !all.length ? html`${isMember && nothing()}${suggestions(screen)}`
    : html`${first ? recommended(first, screen) : inPlace && !screen.unsure.some((row) => row.state === 'unsure') && html`<section class="none"><p class="rt">${mark('inactive')}<b class="t-title">${t('noneWorks')}</b></p>${screen.suggestions.length > 0 && html`<p class="t-support c2">${t('addBefore')}</p>`}</section>`}
${!first && suggestions(screen)}
${section(screen.place === 'here' ? t('alsoWorks') : t('others'), screen.place === 'here' ? rest : [...rest, ...screen.unsure], screen)}
${screen.active_not_chosen > 0 && html`<p class="t-support c2 pad">${t('more', screen.active_not_chosen)}</p>`}
${screen.place === 'here' && section(t('others'), screen.unsure, screen)}
${section(inPlace ? t('notHere') : t('yours'), screen.inactive, screen)}
${first && suggestions(screen)}`;
  return html`${screen.question && screen.place === 'choose' ? html`<div class="bd tp scroll" tabindex="0" role="region" aria-label="${t('tabs.here')}">${notes(screen)}${heading(screen)}${body}${footer(screen)}</div>` : html`${heading(screen)}<div class="bd scroll" tabindex="0" role="region" aria-label="${t('tabs.here')}">${notes(screen)}${body}${footer(screen)}</div>`}`;
}

export function alarm(screen) {
  const forged = screen.code?.warnings.includes('forged');
  const store = screen.store;
  return html`<div class="bd al scroll" tabindex="0" role="region" aria-label="${t('alarm')}"><section class="alarm" role="alert"><p class="rt">${icon('danger', 'l')}<b class="t-title">${forged ? t('forgery') : t('alarm')}</b></p><p class="t-body">${forged ? t('forgeryHelp') : html`${t('alarmStore')}<br>${t('nothingPaid')}`}</p>
${screen.alarm && html`<dl><div><dt>${t('codeSays')}</dt><dd class="t-title">${screen.alarm.code_says}</dd></div><div><dt>${t('youAreIn')}</dt><dd class="t-title">${screen.alarm.surroundings_say || t('youAreNot')}</dd>${store?.distance_m != null && html`<dd class="t-support">${store.distance_m} m</dd>`}</div></dl>`}</section>
<div class="stackb"><button class="b ink full big" data-act="tab" data-tab="scan">${icon('scan')}${t('scanRight')}</button><button class="b line full" data-act="dismiss-alarm">${t('otherWay')}</button></div>
<div class="sec"><h3 class="t-support">${t('whatToDo')}</h3></div><ol class="todo t-body"><li><span class="n">1</span>${t('todo1')}</li><li><span class="n">2</span>${t('todo2')}</li></ol></div>`;
}

// Another store: one list, the nearest first.
export function stores(screen, nearby, sought) {
  const heads = [screen.store, ...screen.candidates.map((row) => row.store)].filter(Boolean);
  const inQuestion = heads.map((store) => ({ ...store, at: store.distance_m ?? 0 }));
  const more = nearby.filter((store) => !heads.some((head) => head.id === store.id));
  const wanted = sought.trim().toLowerCase();
  const list = [...inQuestion, ...more].filter((store) => !wanted || `${title(store)} ${store.address || ''}`.toLowerCase().includes(wanted)).sort((a, b) => a.at - b.at).slice(0, 12);
  const row = (store) => html`<li data-key="${store.id}"><button class="row pick" data-act="choose" data-store="${store.id}"><span class="gi">${icon('store')}</span><span><span class="nm">${title(store)}</span><span class="sub block">${[kindOf(store.industry), (store.address || '').split(',')[0]].filter(Boolean).join(' · ')}</span></span><span class="end c2 n">${Math.round(store.at)} m</span></button></li>`;
  return html`${bar(t('which'))}<div class="bd scroll" tabindex="0" role="region" aria-label="${t('which')}"><label class="vh" for="seek">${t('search')}</label><input id="seek" class="inp" type="search" placeholder="${t('search')}" data-input="seek" autocomplete="off"><div class="gap"></div><ul class="rows">${list.map(row)}</ul><div class="stackb gapped"><button class="b line full" data-act="tab" data-tab="scan">${icon('scan')}${t('scanTitle')}</button>${screen.store && html`<button class="b quiet full" data-act="deny" data-store="${screen.store.id}">${t('none')}</button>`}</div><p class="fr t-caption"><span class="sp"></span>${screen.attributions.join(' ')}</p></div>`;
}

export const bar = (name) => html`<div class="bar"><button class="ub" data-act="back" aria-label="${t('back')}">${icon('back', '', 'flip')}</button><h2 class="t-title">${name}</h2></div>`;

// Why a method stands as it does, and what can be done with it.
// One store in question: what it says of the method, and who says so.
function storeSays({ store, method }, now) {
  const rest = [method.state === 'inactive' ? t(`reason.${method.reason || 'store_does_not_take'}`) : method.state === 'unsure' ? t('nobody') : '', basis(method, now)].filter(Boolean);
  return html`<li data-key="${store.id}"><div class="row">${mark(method.state, middle(method.chance))}<span class="mid"><span class="nm">${title(store)}</span><span class="sub block"><b class="${TINT[method.state]}">${t(WORD[method.state])}</b>${rest.length > 0 && html` · ${rest.join(' · ')}`}</span></span><span class="end"></span></div></li>`;
}

export function why(row, screen, says) {
  const now = screen.drawn_at_ms;
  const { stores: inQuestion, take, refuse, source, as_of_ms } = row.basis;
  const low = Math.floor(row.chance.low / 10);
  const high = Math.ceil(row.chance.high / 10);
  const line = (name, value) => html`<div><dt>${name}</dt><dd class="n">${value}</dd></div>`;
  return html`${bar(t('why', t(WORD[row.state])))}<div class="bd wy scroll" tabindex="0" role="region" aria-label="${row.name}"><p class="t-store clamp2">${row.name}</p><p class="t-body c2">${pips(row.chance, TINT[row.state])}${row.reason ? t(`reason.${row.reason}`) : basis(row, now)}</p><div class="gap"></div>
${says.length > 1 && html`<ul class="rows flat">${says.map((it) => storeSays(it, now))}</ul>`}
<section class="facts"><dl>${line(t('chance'), t('chanceOf', low, high))}${line(t('whyStores'), inQuestion)}${line(t('takesIt'), take)}${line(t('refusesIt'), refuse)}${line(t('silent'), inQuestion - take - refuse)}${source && line(t('said'), t(`source.${source}`))}${as_of_ms !== null && line(t('since'), ago(as_of_ms, now))}</dl></section>
${row.state !== 'inactive' && html`<div class="stackb gapped"><button class="b go full big" data-act="pay" data-method="${row.id}">${t('payThis')}</button></div>`}
${screen.place === 'here' && html`<div class="stackb gapped"><p class="t-support c2">${t('happened')}</p>${['worked', 'refused', 'cash_only'].map((said) => html`<button class="b line dense" data-act="report" data-method="${row.id}" data-said="${said}">${t(`report.${said}`)}</button>`)}</div>`}</div>`;
}
