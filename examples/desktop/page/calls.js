// The calls to the harness: what there is to draw, and what is to be done.

const given = new URLSearchParams(location.search);
if (given.get('token')) sessionStorage.setItem('token', given.get('token'));
const headers = { 'x-tillsight-token': sessionStorage.getItem('token') || '' };

// What came last, for everything that is drawn.
export let state = null;
let listener = () => {};

export function onState(call) { listener = call; }

function take(next) {
  if (state && next.revision < state.revision) return;
  state = next;
  listener(state);
}

export async function get(path) {
  const reply = await fetch(path, { headers });
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return reply.json();
}

async function send(path, type, body) {
  const reply = await fetch(path, { method: 'POST', headers: { ...headers, 'content-type': type }, body });
  if (!reply.ok) return { error: { kind: 'desk', text: await reply.text() } };
  const told = await reply.json();
  take(told.state);
  return told;
}

// Does one thing; the answer says what the core returned or refused.
export const act = (what, more = {}) =>
  send('/do', 'application/json', JSON.stringify({ do: what, ...more })).catch(away);

// Holds a photo before the phone's camera.
export const photo = (file) => send('/photo', 'application/octet-stream', file).catch(away);

// One frame of the computer's camera: its brightness, row by row.
export const frame = (width, height, luma) => send(`/frame?width=${width}&height=${height}`, 'application/octet-stream', luma).catch(away);

// Shows a recording that was saved before, in place of what is sensed.
export const load = (text) => send('/recording', 'application/jsonl', text).catch(away);

export const recording = async () => (await fetch('/recording', { headers })).text();

const away = () => ({ error: { kind: 'harness_away' } });

// What there is now.
export const look = async () => take(await get('/state'));

// Hears of everything new, for as long as the page is open.
export async function follow(onAway) {
  for (;;) {
    try {
      take(await get(state ? `/state?after=${state.revision}` : '/state'));
      onAway(false);
    } catch {
      onAway(true);
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

// Of calls that come faster than they are answered only the newest waits.
export function newest(call) {
  let waiting = null;
  let busy = false;
  return async function next(...args) {
    waiting = args;
    if (busy) return;
    busy = true;
    while (waiting) {
      const now = waiting;
      waiting = null;
      await call(...now);
    }
    busy = false;
  };
}
