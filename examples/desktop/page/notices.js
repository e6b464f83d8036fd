// What the wallet says while nobody looks at it: over the lock screen, and what came back while somebody does.
import { html } from '/draw.js';
import { icon, logo } from '/icons.js';
import { ago, clock, language, money, t } from '/words.js';

// While the app is open, its own pages say what was paid.
const WHILE_OPEN = ['deposited', 'not_deposited', 'refunded'];

// No balance: the phone may lie on a table.
function text(notice) {
  if (notice.kind !== 'at_the_door') return [notice.amount && money(notice.amount), notice.store, notice.methods[0]].filter(Boolean).join(' · ');
  return [
    notice.methods.length > 0 && t('notice.works', notice.methods.join(t('notice.comma'))),
    notice.likely.length > 0 && t('notice.likely', notice.likely.join(t('notice.comma'))),
    notice.more > 0 && t('notice.more', notice.more),
  ].filter(Boolean).join(' · ');
}

function card(notice, now) {
  const isDoor = notice.kind === 'at_the_door';
  const name = isDoor ? notice.store || t('notice.door') : t(`notice.${notice.kind}`);
  return html`<li class="ntc" data-key="notice-${notice.id}"><p class="nh">${logo(20)}<b>Tillsight</b><span class="sp"></span><span>${ago(notice.at_ms, now)}</span><button class="ub sm" data-act="put-away" data-notice="${notice.id}" aria-label="${t('close')}">${icon('cross', 's')}</button></p><button class="block" data-act="open-notice" data-notice="${notice.id}"><span class="t-label block">${name}</span><span class="t-support block">${text(notice)}</span></button>${isDoor && html`<p class="na"><button data-act="open-notice" data-notice="${notice.id}">${t('notice.pay')}</button><button data-act="not-there" data-notice="${notice.id}" data-store="${notice.store_id}">${t('notice.notIn', name)}</button></p>`}</li>`;
}

const list = (told, now) => told.map((notice) => card(notice, now));
const date = (ms) => new Date(ms).toLocaleDateString(language(), { weekday: 'long', day: 'numeric', month: 'long' });

export const locked = (s, status) => html`<section class="lk-s" aria-label="${t('notice.pocket')}">${status}<p class="lkd">${date(s.now_ms)}</p><p class="lkt n">${clock(s.now_ms)}</p><div role="status"><ul>${list(s.phone.notices, s.now_ms)}</ul></div><p class="lkn">${icon('lock', 's')}${t('notice.hidden')}</p><button class="b line" data-act="pocket">${t('notice.takeOut')}</button></section>`;

export function banner(s) {
  const told = s.phone.notices.filter(({ kind }) => WHILE_OPEN.includes(kind));
  return told.length > 0 && html`<div class="nts" role="status" data-key="notices"><ul>${list(told.slice(0, 1), s.now_ms)}</ul></div>`;
}
