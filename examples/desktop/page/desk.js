// The page: draws what comes, and hands clicks on to the part they belong to.
import { act, follow, get, load, look, newest, onState, recording, state } from '/calls.js';
import * as camera from '/camera.js';
import { attr, draw, html } from '/draw.js';
import * as evidence from '/evidence.js';
import { icon, logo } from '/icons.js';
import * as map from '/map.js';
import * as phone from '/phone.js';
import * as tills from '/till.js';

const $ = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
let names = new Map();
let harnessAway = false;
const SCALES = [1, 1.5, 2];
const SPEEDS = [1, 2, 5, 10];
const LANGUAGES = [['en', 'EN'], ['ja', '日本語'], ['rtl', 'RTL']];

const tell = (told) => phone.tell(told);

function head(s) {
  const { senses } = s.phone;
  const troubles = [senses.canyon && 'canyon', senses.spoofed && 'spoofed fixes', !s.server && 'wallet server', ...s.operators.filter((it) => !it.up).map((it) => it.name)].filter(Boolean);
  const flip = (name, on, attributes) => html`<li><button role="switch" aria-checked="${String(on)}" data-act="trouble" ${attributes}><span>${name}</span><span class="sw" aria-hidden="true"><i></i></span></button></li>`;
  const dark = document.documentElement.dataset.theme === 'dark';
  const speaks = phone.local.rtl ? 'rtl' : s.language;
  return html`${logo(30)}<h1>Tillsight</h1><div class="wd"><span>${s.walk.name}</span><button class="sel lk" data-act="pocket" aria-pressed="${String(s.phone.is_pocketed)}">${icon('lock', 's')}Phone in the pocket</button><button class="sel lk" data-act="link">${icon('link', 's')}Link to this moment</button><button class="sel lk" data-act="save-recording">${icon('save', 's')}Save what was sensed</button><label class="sel lk file">${icon('play', 's')}Open a recording<input class="vh" type="file" accept=".jsonl" data-input="recording"></label>
<details class="menu" data-key="trouble"><summary class="sel">${icon('danger', 's')}Trouble: ${troubles.length ? troubles.join(', ') : 'none'} ${icon('down', 's')}</summary><ul class="card">${flip('Noisy canyon', senses.canyon, attr({ sense: 'canyon' }))}${flip('Spoofed fixes', senses.spoofed, attr({ sense: 'spoofed' }))}${flip('Wallet server stopped', !s.server, attr({ server: 'wallet' }))}${s.operators.map((it) => flip(`Operator “${it.name}” stopped`, !it.up, attr({ operator: it.name })))}</ul></details></div>
<div class="tr"><label class="vh" for="language">Language</label><select id="language" class="sel" data-input="language">${LANGUAGES.map(([code, name]) => html`<option value="${code}" ${code === speaks ? 'selected' : ''}>${name}</option>`)}</select><button class="icb" data-act="scale" aria-label="Text size: ${phone.local.scale * 100} %">Aa</button><button class="icb" data-act="theme" aria-label="Dark theme" aria-pressed="${String(dark)}">${icon(dark ? 'sun' : 'moon', 'm')}</button></div>${harnessAway && html`<p class="toast" role="alert">The harness has ended. Start it again: cargo run -p desktop</p>`}`;
}

const clockOf = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;

// The moment of a recording that is shown in place of the walk.
function recorded({ recording: it, walk }) {
  return html`<button class="pl" data-act="play-recording" aria-label="${it.plays ? 'Pause' : 'Play'}">${icon(it.plays ? 'pause' : 'play', 'm', 'flip')}</button><div class="trk"><input type="range" min="0" max="${it.whole_s}" step="any" value="${it.at_s}" data-input="scrub" aria-label="Moment of the recording" aria-valuetext="${clockOf(it.at_s)}, signal ${it.come} of ${it.signals}"><div class="evs"><span class="first">recording: signal ${it.come} of ${it.signals}</span></div></div><p class="n tt">${clockOf(it.at_s)}<span> / ${clockOf(it.whole_s)}</span></p><button class="spd" data-act="speed" aria-label="Speed, ${walk.speed} times">${walk.speed}×</button><button class="b line dense" data-act="end-recording">${icon('cross', 's')}Back to now</button>`;
}

function time(s) {
  if (s.recording) return recorded(s);
  const { walk } = s;
  const door = (walk.door_s / walk.whole_s) * 100;
  return html`<button class="pl" data-act="play" aria-label="${walk.plays ? 'Pause' : 'Play'}">${icon(walk.plays ? 'pause' : 'play', 'm', 'flip')}</button><div class="trk"><input type="range" min="0" max="${Math.floor(walk.whole_s)}" value="${Math.round(walk.at_s)}" data-input="seek-walk" aria-label="Moment of the walk" aria-valuetext="${clockOf(walk.at_s)} of ${clockOf(walk.whole_s)}"><div class="evs" aria-hidden="true"><span class="first">street</span><span style="left:${Math.min(78, door)}%" class="${walk.at_s >= walk.door_s ? 'nw' : ''}">in ${walk.name}</span></div></div><p class="n tt">${clockOf(walk.at_s)}<span> / ${clockOf(walk.whole_s)}</span></p><button class="spd" data-act="speed" aria-label="Speed, ${walk.speed} times">${walk.speed}×</button>`;
}

const scrub = newest(async (at_s) => { tell(await act('scrub', { at_s })); });

let due = false;

function drawAll() {
  due = false;
  // The phone is being switched on again, in another language.
  if (!state?.screens.settlement) return;
  draw($('head'), head(state));
  draw($('time'), time(state));
  phone.drawPhone(state);
  draw($('evidence'), evidence.evidence(state, names));
  draw($('ledger'), evidence.ledger(state));
  draw($('till'), tills.till(state));
  map.drawMap();
  followTill();
}

// The till of the store that the phone is in stands beside it, once the one before has nothing open.
let asking = '';

function followTill() {
  const { settlement } = state.screens;
  const here = settlement?.place === 'here' && settlement.store?.id;
  const isOpen = ['open', 'paying'].includes(state.till?.state);
  if (!here || isOpen || asking === here || state.till?.store === here || !state.server) return;
  asking = here;
  act('till', { store: here }).then(() => { asking = ''; });
}

function soon() {
  if (due) return;
  due = true;
  requestAnimationFrame(drawAll);
}

// What a link to this moment says.
const situation = () => new URLSearchParams({ world: state.walk.world, seed: state.walk.seed, at: Math.round(state.walk.at_s) });

async function open(text) {
  const told = await load(text);
  tell(told);
  if (!told.error) map.acts.centre();
}

const ACTS = {
  ...phone.ACTS,
  ...map.acts,
  ...tills.acts(tell),
  play: async () => tell(await act('play', { on: !state.walk.plays })),
  speed: async () => tell(await act('speed', { times: SPEEDS[(SPEEDS.indexOf(state.walk.speed) + 1) % SPEEDS.length] })),
  view: ({ view }) => { evidence.local.view = view; soon(); },
  'forget-uses': async () => tell(await act('forget_uses')),
  theme: () => { const root = document.documentElement; root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark'; soon(); },
  scale: () => { phone.local.scale = SCALES[(SCALES.indexOf(phone.local.scale) + 1) % SCALES.length]; soon(); },
  trouble: async ({ sense, server, operator }) => {
    if (sense) return ACTS.sense({ sense });
    if (server) return tell(await act('server', { up: !state.server }));
    const { up } = state.operators.find((it) => it.name === operator);
    return tell(await act('operator', { name: operator, up: !up }));
  },
  link: async () => {
    const link = `/?${situation()}`;
    await navigator.clipboard?.writeText(location.origin + link).catch(() => {});
    $('polite').textContent = `Copied: ${link}`;
    history.replaceState(null, '', link);
  },
  'play-recording': async () => tell(await act('play_recording', { on: !state.recording.plays })),
  'end-recording': async () => tell(await act('end_recording')),
  'save-recording': async () => phone.save('visit.jsonl', await recording()),
};

const INPUTS = {
  ...phone.INPUTS,
  language: async ({ value }) => {
    phone.local.rtl = value === 'rtl';
    const code = value === 'ja' ? 'ja' : 'en';
    if (code !== state.language) tell(await act('language', { code }));
    soon();
  },
  recording: async (input) => { const [file] = input.files; const text = await file?.text(); input.value = ''; if (text) open(text); },
  scrub: ({ value }) => scrub(Number(value)),
  'seek-walk': async ({ value }) => tell(await act('seek', { at_s: Number(value) })),
};

function listen() {
  const body = document.body;
  body.addEventListener('click', (event) => {
    const button = event.target.closest('[data-act]');
    if (button && !button.disabled) ACTS[button.dataset.act]?.(button.dataset);
    for (const menu of document.querySelectorAll('details[open]')) if (!menu.contains(event.target)) menu.open = false;
  });
  // A recording is scrubbed while the finger moves.
  body.addEventListener('input', (event) => { if (event.target.dataset.input === 'scrub') scrub(Number(event.target.value)); });
  const input = (event) => INPUTS[event.target.dataset.input]?.(event.target);
  body.addEventListener('input', (event) => { if (event.target.type === 'search') input(event); });
  body.addEventListener('change', (event) => { if (event.target.type !== 'search') input(event); });
  body.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.dataset.submit === 'charge') return ACTS.charge();
    phone.FORMS[form.dataset.submit]?.(Object.fromEntries(new FormData(form)));
  });
  body.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll('details[open]')) menu.open = false;
    document.querySelector('.psheet [data-act=cancel-sheet]')?.click();
  });
  body.addEventListener('dragover', (event) => event.preventDefault());
  body.addEventListener('drop', (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file?.name.endsWith('.jsonl')) file.text().then(open);
    else if (file) phone.seePhoto(file);
  });
}

let refused = null;

// The visit that the link names takes the place of the one on the desk.
async function setOut() {
  await look();
  const world = asked.get('world') || state.walk.world;
  const seed = Number(asked.get('seed') || state.walk.seed);
  if (world === state.walk.world && seed === state.walk.seed) return;
  document.body.dataset.busy = 'Setting out…';
  refused = (await act('set_out', { world, seed })).error;
  delete document.body.dataset.busy;
}

async function begin() {
  listen();
  let city;
  try {
    await setOut();
    city = await get('/city');
  } catch {
    document.body.innerHTML = '<main class="lost"><h1>Tillsight</h1><p>Open the link that the harness printed: it has the token of this run.</p></main>';
    return;
  }
  names = evidence.nameOf(city);
  map.setCity(city, $('map'), tell);
  phone.withNearby(map.nearby);
  if (matchMedia('(prefers-color-scheme: dark)').matches) document.documentElement.dataset.theme = 'dark';
  const { world, seed } = state.walk;
  history.replaceState(null, '', location.pathname + (asked.get('at') ? `?${new URLSearchParams({ world, seed, at: asked.get('at') })}` : ''));
  // Another visit was laid out by another page: its city is another one, too.
  camera.onChange(soon);
  onState(() => (state.walk.world === world && state.walk.seed === seed ? soon() : location.reload()));
  follow((away) => { if (away !== harnessAway) { harnessAway = away; soon(); } });
  if (refused) tell({ error: refused });
  else if (asked.get('at')) tell(await act('seek', { at_s: Number(asked.get('at')) }));
  // Countdowns go on while nothing happens.
  setInterval(() => { if (state?.till?.code || state?.screens.payment?.code) { state.now_ms += 1000; soon(); } }, 1000);
}

begin();
