// What the wallet says while nobody looks at it: over the lock screen, and what came back while somebody does.
import { html } from '/draw.js';
import { icon } from '/icons.js';
import { clock, money, t } from '/words.js';

// While the app is open, its own pages say what was paid.
const WHILE_OPEN = ['deposited', 'not_deposited', 'refunded'];

// No balance: the phone may lie on a table.
function text(notice) {
  if (notice.kind !== 'at_the_door') return [notice.amount && money(notice.amount), notice.store, notice.methods[0]].filter(Boolean).join(' · ');
  return [
    notice.methods.length > 0 && t('notice.works', notice.methods.join(t('notice.comma'))),
    notice.likely.length > 0 && t('notice.likely', notice.likely.join(t('notice.comma'))),
    notice.more > 0 && t('more', notice.more),
  ].filter(Boolean).join(' · ');
}

function card(notice) {
  const isDoor = notice.kind === 'at_the_door';
  const name = isDoor ? notice.store || t('notice.door') : t(`notice.${notice.kind}`);
  return html`<li class="nt" data-key="notice-${notice.id}"><button class="nb" data-act="open-notice" data-notice="${notice.id}"><span class="nm block">${name}</span><span class="t-support block">${text(notice)}</span></button><span class="nx">${isDoor && html`<button class="b line dense" data-act="not-there" data-notice="${notice.id}" data-store="${notice.store_id}">${t('notice.notIn', name)}</button>`}<button class="ub" data-act="put-away" data-notice="${notice.id}" aria-label="${t('close')}">${icon('cross', 's')}</button></span></li>`;
}

export const locked = (s) => html`<section class="lk0" aria-label="${t('notice.pocket')}"><p class="t-till n">${clock(s.now_ms)}</p><ul role="status">${s.phone.notices.map(card)}</ul><button class="b line" data-act="pocket">${icon('lock', 's')}${t('notice.takeOut')}</button></section>`;

export function banner(s) {
  const told = s.phone.notices.filter(({ kind }) => WHILE_OPEN.includes(kind));
  return told.length > 0 && html`<ul class="nts" role="status" data-key="notices">${told.slice(0, 1).map(card)}</ul>`;
}
