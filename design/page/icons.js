// The icons, drawn on a grid of 24, and the marks of the five standings.
import { html, raw } from '/draw.js';

const PATHS = {
  sun: 'M12 16a4 4 0 100-8 4 4 0 000 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M18.4 5.6l-1 1M6.6 17.4l-1 1',
  moon: 'M19.5 14.5A8 8 0 019.5 4.5a8 8 0 1010 10z',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20.5a7.5 7.5 0 0115 0',
  wave: 'M6.5 14.8a4.6 4.6 0 010-5.6M10 17.4a9 9 0 000-10.8M13.8 20a13.6 13.6 0 000-16',
  here: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 15.5a3.5 3.5 0 100-7 3.5 3.5 0 000 7z',
  scan: 'M4 8.5V6a2 2 0 012-2h2.5M15.5 4H18a2 2 0 012 2v2.5M20 15.5V18a2 2 0 01-2 2h-2.5M8.5 20H6a2 2 0 01-2-2v-2.5M4 12h16',
  money: 'M4 7.5A2 2 0 016 5.5h11.5V9M4 7.5a1.5 1.5 0 001.5 1.5H18.5A1.5 1.5 0 0120 10.5v7a1.5 1.5 0 01-1.5 1.5H6a2 2 0 01-2-2zM16.2 14v.01',
  history: 'M6 3.5h12V20.5l-3-2-3 2-3-2-3 2zM9.5 8.5h5M9.5 12.5h5',
  back: 'M14.5 6l-6 6 6 6',
  store: 'M4.5 10V19.5h15V10M3.5 8.5L5.5 4.5h13l2 4a2.8 2.8 0 01-5.6 0 2.8 2.8 0 01-5.8 0 2.8 2.8 0 01-5.6 0zM10 19.5v-5h4v5',
  check: 'M5 12.5l4.6 4.6L19 7.6',
  card: 'M5 5.5h14a2 2 0 012 2v9a2 2 0 01-2 2H5a2 2 0 01-2-2v-9a2 2 0 012-2zM3 10h18M7 14.8h3',
  offline: 'M4 4l16 16M8.2 8.4A6 6 0 006.9 19H17m2.8-1.6A4.4 4.4 0 0017.2 10 6 6 0 0011 6.2',
  code: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM20 14v.01M20 20h-2.5v-1.5M14 20v.01M20 17.5v.01',
  danger: 'M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2zM12 7.8v5M12 16.2v.01',
  cross: 'M7 7l10 10M17 7L7 17',
  lock: 'M7 11h10a1.5 1.5 0 011.5 1.5v6A1.5 1.5 0 0117 20H7a1.5 1.5 0 01-1.5-1.5v-6A1.5 1.5 0 017 11zM8.5 11V8a3.5 3.5 0 017 0v3',
  renew: 'M5 12a7 7 0 0112-4.9L19.5 9.5M19.5 4.5v5h-5M19 12a7 7 0 01-12 4.9L4.5 14.5M4.5 19.5v-5h5',
  down: 'M6 9.5l6 6 6-6',
  clock: 'M12 20.5a8.5 8.5 0 100-17 8.5 8.5 0 000 17zM12 7.5V12l3 2',
  undo: 'M5 9.5h9.5a5 5 0 010 10H9M5 9.5L9 5.5M5 9.5l4 4',
  into: 'M12 4v14M6.5 13l5.5 5.5 5.5-5.5',
  bank: 'M4 9.5L12 4l8 5.5zM6 13v4M10 13v4M14 13v4M18 13v4M4 20.2h16',
  next: 'M9.5 6l6 6-6 6',
  position: 'M12 21s-6.5-5.6-6.5-10.8a6.5 6.5 0 0113 0C18.5 15.4 12 21 12 21zM12 12.4a2.3 2.3 0 100-4.6 2.3 2.3 0 000 4.6z',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  beacon: 'M12 12v.01M8.6 15.4a4.8 4.8 0 010-6.8M15.4 8.6a4.8 4.8 0 010 6.8M5.4 18.6a9.3 9.3 0 010-13.2M18.6 5.4a9.3 9.3 0 010 13.2',
  camera: 'M4 8.5A1.5 1.5 0 015.5 7H8l1.5-2.5h5L16 7h2.5A1.5 1.5 0 0120 8.5v9a1.5 1.5 0 01-1.5 1.5h-13A1.5 1.5 0 014 17.5zM12 16a3.2 3.2 0 100-6.4 3.2 3.2 0 000 6.4z',
  save: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  aim: 'M12 18a6 6 0 100-12 6 6 0 000 12zM12 2.5V6M12 18v3.5M2.5 12H6M18 12h3.5',
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8 5.5v13M16 5.5v13',
  wifi: 'M3.5 9.5a12.5 12.5 0 0117 0M6.8 13a7.6 7.6 0 0110.4 0M10 16.4a3 3 0 014 0M12 19.6v.01',
  link: 'M10 13.5a4 4 0 006 .4l2.6-2.6a4 4 0 00-5.7-5.7l-1.4 1.4M14 10.5a4 4 0 00-6-.4l-2.6 2.6a4 4 0 005.7 5.7l1.4-1.4',
};

export const icon = (name, size = '', extra = '') =>
  html`<svg class="i ${size} ${extra}" viewBox="0 0 24 24" aria-hidden="true"><path d="${PATHS[name] || ''}"/></svg>`;

export const logo = (size) => html`<svg width="${size}" height="${size}" viewBox="0 0 28 28" fill="none" aria-hidden="true"><rect width="28" height="28" rx="8" style="fill:var(--go)"/><path d="M4.5 14.5C7 10.4 10.2 8.3 14 8.3s7 2.1 9.5 6.2" style="stroke:var(--on-go)" stroke-width="2.4" stroke-linecap="round"/><circle cx="14" cy="16" r="3.6" style="fill:var(--on-go)"/><path d="M4.5 22h19" style="stroke:var(--on-go)" stroke-width="2.4" stroke-linecap="round"/></svg>`;

// Shape says which way, fill says how sure.
const CHECK = 'M9 14.4l3.5 3.5L19.2 11';
const CROSS = 'M10 10l8 8M18 10l-8 8';
const MARKS = {
  active: () => `<circle cx="14" cy="14" r="13" style="fill:var(--go)"/><path d="${CHECK}" style="stroke:var(--on-go)"/>`,
  likely: (permille) => `<circle cx="14" cy="14" r="11.75" style="stroke:var(--line)"/><circle cx="14" cy="14" r="11.75" transform="rotate(-90 14 14)" style="stroke:var(--go)" stroke-dasharray="${(0.0738 * permille).toFixed(1)} 73.8"/><path d="${CHECK}" style="stroke:var(--go)"/>`,
  unsure: () => '<rect x="5" y="5" width="18" height="18" rx="4" transform="rotate(45 14 14)" style="stroke:var(--unsure)"/><path d="M10.9 11.1a3.1 3.1 0 116.2 0c0 2.1-3.1 2.5-3.1 4.7M14 19.2v.01" style="stroke:var(--unsure)"/>',
  likely_not: () => `<rect x="3.25" y="3.25" width="21.5" height="21.5" rx="6" style="stroke:var(--off)"/><path d="${CROSS}" style="stroke:var(--off)"/>`,
  inactive: () => `<rect x="2" y="2" width="24" height="24" rx="6.5" style="fill:var(--off)"/><path d="${CROSS}" style="stroke:var(--on-off)"/>`,
};

export const mark = (state, permille = 0, size = 28) =>
  html`<svg class="mk" width="${size}" height="${size}" viewBox="0 0 28 28" fill="none" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${raw(MARKS[state](permille))}</svg>`;

// A QR code of rows of `1` and `0`, with its quiet zone.
export function qr(rows, size, label) {
  const side = rows.length;
  let d = '';
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/1+/g)) d += `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`;
  });
  return html`<svg width="${size}" height="${size}" viewBox="-4 -4 ${side + 8} ${side + 8}" role="img" aria-label="${label}" shape-rendering="crispEdges"><rect x="-4" y="-4" width="${side + 8}" height="${side + 8}" fill="#fff"/><path d="${d}" fill="#101614"/></svg>`;
}
