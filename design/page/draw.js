// Draws a piece of the page: text in which every value is escaped, and only what differs is changed, so
// that focus, typing and a finger on the screen stay where they are.

class Safe {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (letter) => ESCAPES[letter]);

function part(value) {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Safe) return value.text;
  if (Array.isArray(value)) return value.map(part).join('');
  return escape(value);
}

export const raw = (text) => new Safe(text);
export const html = (texts, ...values) =>
  new Safe(texts.reduce((all, text, nth) => all + part(values[nth - 1]) + text));

// Attributes `data-…` whose values are escaped as every value is.
export const attr = (pairs) => Object.entries(pairs).map(([key, value]) => html([` data-${key}="`, '"'], value));

// What was drawn last, so that the same again costs nothing.
const drawn = new WeakMap();

export function draw(node, safe) {
  if (drawn.get(node) === safe.text) return;
  drawn.set(node, safe.text);
  const template = document.createElement('template');
  template.innerHTML = safe.text;
  children(node, template.content);
}

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName
  && (a.nodeType !== 1 || (a.id === b.id && a.dataset.key === b.dataset.key));

function children(old, fresh) {
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    let same = at;
    // What only moved down is looked for, so that a row keeps its focus.
    if (same && !alike(same, next) && next.dataset?.key) {
      while (same && !alike(same, next)) same = same.nextSibling;
      if (same) old.insertBefore(same, at);
    }
    if (same && alike(same, next)) {
      node(same, next);
      at = same === at ? at.nextSibling : at;
    } else {
      old.insertBefore(next, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function node(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.dataset.keep !== undefined) return;
  for (const { name } of [...old.attributes]) {
    // A menu stays as the person opened it.
    if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.nodeName === 'INPUT') {
    // Only what the code changed, never what the person types.
    if (old.type === 'range' && old !== document.activeElement) old.value = fresh.getAttribute('value');
    if (old.type === 'checkbox' || old.type === 'radio') old.checked = fresh.hasAttribute('checked');
    return;
  }
  if (old.nodeName === 'SELECT') {
    children(old, fresh);
    const chosen = fresh.querySelector('[selected]');
    if (chosen && old !== document.activeElement) old.value = chosen.value;
    return;
  }
  children(old, fresh);
}
