// The map, drawn from the extract: streets, buildings, stores; the position to drag, beacons, candidates.
import { act, newest, state } from '/calls.js';
import * as camera from '/camera.js';
import { attr, draw, html } from '/draw.js';
import { icon } from '/icons.js';
import { kindOf, title } from '/words.js';

// How wide a street is drawn, metres, and in which order; the rest is a path on foot.
const WIDTH = { motorway: 14, trunk: 13, primary: 12, secondary: 11, tertiary: 9, residential: 7.5, unclassified: 7, living_street: 6.5, pedestrian: 6, service: 4.5 };
const REACH_M = 24;
const ACCURACY_M = 14;
const [CLOSEST, WIDEST] = [14, 0.6];

let city = null;
let node;
let base;
let over;
const view = { at: [0, 0], scale: 4.5, follows: true };
let dragged = null;
let chosen = null;
let tell = () => {};
const baked = { key: '', canvas: document.createElement('canvas') };
const paths = { streets: new Map(), foot: new Path2D(), buildings: new Path2D() };

export function setCity(map, node_, tell_) {
  city = map;
  node = node_;
  tell = tell_;
  for (const { kind, line } of map.streets) {
    const width = WIDTH[kind.replace('_link', '')];
    const path = width ? paths.streets.get(width) || paths.streets.set(width, new Path2D()).get(width) : paths.foot;
    line.forEach(([x, y], nth) => (nth ? path.lineTo(x, -y) : path.moveTo(x, -y)));
  }
  for (const outline of map.buildings) {
    outline.forEach(([x, y], nth) => (nth ? paths.buildings.lineTo(x, -y) : paths.buildings.moveTo(x, -y)));
    paths.buildings.closePath();
  }
  node.innerHTML = '<div class="chart" data-keep><canvas class="map" id="base" aria-hidden="true"></canvas><canvas class="map" id="over" aria-hidden="true"></canvas><button class="grip" id="grip" aria-label="Position of the phone: drag it, or move it with the arrow keys"></button></div><div id="map-over"></div>';
  base = node.querySelector('#base');
  over = node.querySelector('#over');
  new ResizeObserver(() => drawMap()).observe(node);
  listen();
}

const size = () => [node.clientWidth, node.clientHeight];
const toScreen = ([x, y]) => { const [w, h] = size(); return [w / 2 + (x - view.at[0]) * view.scale, h / 2 - (y - view.at[1]) * view.scale]; };
const toMetres = (px, py) => { const [w, h] = size(); return [view.at[0] + (px - w / 2) / view.scale, view.at[1] - (py - h / 2) / view.scale]; };

export const nearby = () => {
  const at = state.phone.at;
  return city.stores.map((store) => ({ ...store, address: '', at: Math.hypot(store.at[0] - at[0], store.at[1] - at[1]) })).sort((a, b) => a.at - b.at).slice(0, 200);
};

let colours = {};
let theme = '';
function colour(name) {
  const now = document.documentElement.dataset.theme;
  if (theme !== now) { theme = now; colours = {}; }
  colours[name] ??= getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return colours[name];
}

const prepare = (canvas) => {
  const [w, h] = size();
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) { canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio); }
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, w, h);
  return pen;
};

// The part that only changes with the view and with which stores are in question.
function drawBase() {
  colour('map-land');
  const [w, h] = size();
  const tagged = new Set(inQuestion().map((it) => it.id));
  const key = [w, h, view.at, view.scale, theme, ...tagged].join();
  if (baked.key === key) return;
  baked.key = key;
  const pen = prepare(base);
  pen.fillStyle = colour('map-land');
  pen.fillRect(0, 0, w, h);
  pen.save();
  pen.translate(w / 2 - view.at[0] * view.scale, h / 2 + view.at[1] * view.scale);
  pen.scale(view.scale, view.scale);
  pen.lineJoin = pen.lineCap = 'round';
  pen.setLineDash([3 / view.scale, 3 / view.scale]);
  pen.lineWidth = 1.2 / view.scale;
  pen.strokeStyle = colour('map-foot');
  pen.stroke(paths.foot);
  pen.setLineDash([]);
  const ways = [...paths.streets].sort((a, b) => a[0] - b[0]);
  for (const [width, path] of ways) { pen.lineWidth = width + 2.4 / view.scale; pen.strokeStyle = colour('map-street-line'); pen.stroke(path); }
  for (const [width, path] of ways) { pen.lineWidth = width; pen.strokeStyle = colour('map-street'); pen.stroke(path); }
  pen.fillStyle = colour('map-building');
  pen.fill(paths.buildings);
  pen.lineWidth = 0.9 / view.scale;
  pen.strokeStyle = colour('map-building-line');
  pen.stroke(paths.buildings);
  pen.restore();
  marks(pen, w, h, tagged);
}

// A store in question has its name on its tag.
function marks(pen, w, h, tagged) {
  const taken = [];
  pen.font = `500 11px ${getComputedStyle(document.body).fontFamily}`;
  pen.lineJoin = 'round';
  for (const store of city.stores) {
    const [x, y] = toScreen(store.at);
    if (x < -20 || y < -20 || x > w + 20 || y > h + 20) continue;
    pen.beginPath();
    pen.arc(x, y, 3, 0, 7);
    pen.fillStyle = colour('map-store');
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = colour('map-land');
    pen.stroke();
    if (store.beacon && view.scale > 2) ring(pen, x, y, REACH_M * view.scale);
    if (store.wifi && view.scale > 2) router(pen, x, y);
    const box = [x + 6, y - 7, x + 12 + store.name.length * 6, y + 7];
    const free = store.name && !tagged.has(store.id) && view.scale > 3.5 && !taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
    if (!free) continue;
    taken.push(box);
    pen.lineWidth = 3;
    pen.strokeText(store.name, x + 7, y + 4);
    pen.fillStyle = colour('ink2');
    pen.fillText(store.name, x + 7, y + 4);
  }
}

// An access point: two small arcs over its store.
function router(pen, x, y) {
  pen.save();
  pen.lineWidth = 1.5;
  pen.strokeStyle = colour('where');
  for (const radius of [6, 9]) { pen.beginPath(); pen.arc(x, y, radius, -2.2, -0.94); pen.stroke(); }
  pen.restore();
}

function ring(pen, x, y, radius) {
  pen.save();
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.setLineDash([2, 6]);
  pen.lineCap = 'round';
  pen.lineWidth = 2;
  pen.globalAlpha = 0.55;
  pen.strokeStyle = colour('go');
  pen.stroke();
  pen.restore();
}

const disc = (pen, [x, y], radius, fill, stroke, width) => { pen.beginPath(); pen.arc(x, y, radius, 0, 7); if (fill) { pen.fillStyle = fill; pen.fill(); } if (stroke) { pen.lineWidth = width; pen.strokeStyle = stroke; pen.stroke(); } };

// The stores in question as the map labels them: the likeliest by its share of blue.
function inQuestion() {
  const places = new Map(city.stores.map((store) => [store.id, store]));
  return state.evidence.stores.filter((it) => it.permille >= 10).slice(0, 5).map((it) => ({ ...it, ...places.get(it.store) })).filter((it) => it.at);
}

function drawOver() {
  const pen = prepare(over);
  const [w] = size();
  const { walk, phone } = state;
  const at = dragged || phone.at;
  const me = toScreen(at);
  pen.save();
  pen.setLineDash([0.1, 8]);
  pen.lineCap = 'round';
  pen.lineWidth = 3;
  pen.globalAlpha = 0.75;
  pen.strokeStyle = colour('where');
  pen.beginPath();
  walk.path.map(toScreen).forEach(([x, y], nth) => (nth ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
  pen.restore();
  const fix = dragged ? { at, accuracy_m: ACCURACY_M } : phone.fix;
  if (fix) {
    pen.save();
    pen.globalAlpha = 0.14;
    disc(pen, toScreen(fix.at), fix.accuracy_m * view.scale, colour('where'));
    pen.globalAlpha = 0.6;
    disc(pen, toScreen(fix.at), fix.accuracy_m * view.scale, null, colour('where'), 1.5);
    pen.restore();
  }
  const heads = inQuestion();
  const labels = heads.map((it, nth) => ({ ...it, nth, px: toScreen(it.at) })).sort((a, b) => a.px[1] - b.px[1]);
  const column = Math.min(w - 190, Math.max(me[0] + 110, w * 0.5));
  const top = Math.max(110, me[1] - labels.length * 22);
  for (const [nth, it] of labels.entries()) {
    it.label = [column, top + nth * 42];
    pen.lineWidth = 1.3 + it.permille / 100;
    pen.strokeStyle = colour('where');
    pen.globalAlpha = 0.85;
    pen.beginPath();
    pen.moveTo(...me);
    pen.lineTo(...it.px);
    pen.stroke();
    pen.globalAlpha = 0.7;
    pen.lineWidth = 1.2;
    pen.strokeStyle = colour('ink2');
    pen.beginPath();
    pen.moveTo(...it.px);
    pen.lineTo(column - 26, it.label[1]);
    pen.lineTo(...it.label);
    pen.stroke();
    pen.globalAlpha = 1;
  }
  for (const it of heads) disc(pen, toScreen(it.at), 4.5 + Math.sqrt(it.permille) / 3.2, colour('surface'), colour('where'), 3);
  disc(pen, me, 11, theme === 'dark' ? '#0D1311' : '#fff');
  disc(pen, me, 8, colour('where'));
  const grip = node.querySelector('#grip');
  grip.style.transform = `translate(${me[0] - 24}px, ${me[1] - 24}px)`;
  return labels;
}

const near = (m) => { const steps = [5, 10, 20, 40, 80, 160, 320]; return steps.find((step) => step * view.scale > 60) || 640; };

function furniture(labels) {
  const { senses, fix, heard, access_points: points } = state.phone;
  const metres = near();
  const toggle = (on, name, says, attributes) => html`<button role="switch" aria-checked="${String(on)}" ${attributes}><span><b>${name}</b><small>${says}</small></span><span class="sw" aria-hidden="true"><i></i></span></button>`;
  const flip = (key, name, says) => toggle(senses[key], name, says, attr({ act: 'sense', sense: key }));
  const tag = (it) => html`<li class="tg ${it.nth === 0 ? 'first' : ''}" data-key="${it.id}" style="left:${it.label[0]}px;top:${it.label[1]}px;max-width:${Math.round(size()[0] - it.label[0] - 10)}px"><b class="n">${Math.round(it.permille / 10)} %</b><span>${title(it)}</span></li>`;
  const card = chosen && html`<section class="spot card" style="left:${chosen.px[0]}px;top:${chosen.px[1]}px" aria-label="${title(chosen)}"><b>${title(chosen)}</b><small>${kindOf(chosen.industry)}${chosen.beacon ? ' · beacon' : ''}${chosen.wifi ? ' · Wi-Fi' : ''}</small><span><button class="b go dense" data-act="enter" data-store="${chosen.id}">Go in</button><button class="b line dense" data-act="till" data-store="${chosen.id}">Its till</button></span></section>`;
  return html`<ul class="tgs" aria-label="Stores in question">${labels.map(tag)}</ul><div class="sens" role="group" aria-label="Sensors">${flip('gps', 'GPS', senses.gps ? (fix ? `${Math.round(fix.accuracy_m)} m` : 'no fix yet') : 'off')}${flip('beacons', 'Beacons', senses.beacons ? (heard ? `${heard} heard` : 'none heard') : 'off')}${flip('wifi', 'Wi-Fi', senses.wifi ? (points ? `${points} heard` : 'none heard') : 'off')}${flip('network', 'Network', senses.network ? (state.server ? 'live' : 'server away') : 'off')}${toggle(camera.isOn(), 'Camera', camera.isOn() ? 'on' : 'off', attr({ act: 'camera' }))}</div>${card}
<p class="scl"><i style="width:${Math.round(metres * view.scale)}px"></i>${metres} m<span class="lg"><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.5" style="fill:var(--where);fill-opacity:.16;stroke:var(--where)"/></svg>position<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.5" style="fill:none;stroke:var(--go);stroke-width:2;stroke-dasharray:1 3.1;stroke-linecap:round"/></svg>beacon<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M4.5 8a5 5 0 017 0M2.5 5.5a8 8 0 0111 0" style="fill:none;stroke:var(--where);stroke-width:1.5"/></svg>Wi-Fi</span></p><div class="zm" role="group" aria-label="Zoom"><button data-act="zoom" data-by="1.4" aria-label="Closer">${icon('plus', 'm')}</button><button data-act="zoom" data-by="0.7" aria-label="Wider">${icon('minus', 'm')}</button><button data-act="centre" aria-label="To my position">${icon('aim', 'm')}</button></div><p class="osm">${city.attribution}</p>`;
}

// The view follows the phone when it comes near the edge.
function follow() {
  const [w, h] = size();
  const [x, y] = toScreen(state.phone.at);
  const off = x < w * 0.22 || x > w * 0.5 || y < h * 0.3 || y > h * 0.75;
  if (view.follows && !dragged && off) view.at = [state.phone.at[0] + (w * 0.14) / view.scale, state.phone.at[1]];
}

export function drawMap() {
  if (!city || !state || !node.clientWidth) return;
  follow();
  drawBase();
  const labels = drawOver();
  draw(node.querySelector('#map-over'), furniture(labels));
}

const carry = newest(async (at) => { tell(await act('carry', { at, accuracy_m: ACCURACY_M })); });
const zoom = (by) => { view.scale = Math.min(CLOSEST, Math.max(WIDEST, view.scale * by)); drawMap(); };

export const acts = {
  zoom: ({ by }) => zoom(Number(by)),
  centre: () => { view.follows = true; view.at = [...state.phone.at]; drawMap(); },
  enter: async ({ store }) => { chosen = null; tell(await act('enter', { store })); act('till', { store }); },
  sense: async ({ sense }) => tell(await act('sense', { senses: { ...state.phone.senses, [sense]: !state.phone.senses[sense] } })),
};

function listen() {
  const grip = node.querySelector('#grip');
  const spot = (event) => { const box = node.getBoundingClientRect(); return toMetres(event.clientX - box.left, event.clientY - box.top); };
  grip.addEventListener('pointerdown', (event) => { grip.setPointerCapture(event.pointerId); dragged = spot(event); });
  grip.addEventListener('pointermove', (event) => {
    if (!dragged) return;
    dragged = spot(event);
    requestAnimationFrame(drawMap);
    carry(dragged);
  });
  const end = () => { if (!dragged) return; const last = dragged; carry(last).then(() => { dragged = null; drawMap(); }); };
  grip.addEventListener('pointerup', end);
  grip.addEventListener('pointercancel', end);
  grip.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-3, 0], ArrowRight: [3, 0], ArrowUp: [0, 3], ArrowDown: [0, -3] }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = state.phone.at;
    carry([at[0] + step[0], at[1] + step[1]]);
  });
  let pan = null;
  over.addEventListener('pointerdown', (event) => { pan = { x: event.clientX, y: event.clientY, at: [...view.at], moved: false }; over.setPointerCapture(event.pointerId); });
  over.addEventListener('pointermove', (event) => {
    if (!pan) return;
    const [dx, dy] = [event.clientX - pan.x, event.clientY - pan.y];
    if (Math.hypot(dx, dy) > 4) pan.moved = true;
    view.follows = view.follows && !pan.moved;
    view.at = [pan.at[0] - dx / view.scale, pan.at[1] + dy / view.scale];
    requestAnimationFrame(drawMap);
  });
  over.addEventListener('pointerup', (event) => {
    if (pan && !pan.moved) choose(event);
    pan = null;
  });
  over.addEventListener('wheel', (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.15 : 0.87); }, { passive: false });
}

function choose(event) {
  const box = node.getBoundingClientRect();
  const px = [event.clientX - box.left, event.clientY - box.top];
  const far = (store) => { const [x, y] = toScreen(store.at); return Math.hypot(x - px[0], y - px[1]); };
  const next = city.stores.reduce((best, store) => (far(store) < far(best) ? store : best));
  chosen = far(next) < 16 ? { ...next, px } : null;
  drawMap();
}
