// How a record is drawn, wherever one is: as text nodes, long values cut with a way to the whole, JSON laid out without changing a digit.
import { facts as plainFacts, h } from './dom.js';
import { t } from './i18n.js';

/** Characters of a value that are shown at first. */
const LONGEST = 400;

/** Nested deeper than that, a line is not moved to the right any more. */
const DEEPEST = 20;

/**
 * A text, or its beginning and a button for the rest.
 * @param {string | null | undefined} text null: there is none. @param {number} [longest]
 */
export function cut(text, longest = LONGEST) {
  if (text === null || text === undefined) return h('span.none', null, t('none'));
  if (text.length <= longest) return h('span.value', null, text);
  const shown = h('span.value', null, `${text.slice(0, longest)}…`);
  const more = h('button.more', {
    type: 'button', 'aria-expanded': 'false',
    onclick: () => {
      const isWhole = more.getAttribute('aria-expanded') === 'true';
      shown.textContent = isWhole ? `${text.slice(0, longest)}…` : text;
      more.setAttribute('aria-expanded', String(!isWhole));
      more.textContent = isWhole ? t('All {n} characters', { n: text.length }) : t('Less');
    },
  }, t('All {n} characters', { n: text.length }));
  return h('span', null, shown, ' ', more);
}

/** JSON laid out, a field a line; any other text as it is. @param {string} text */
export function pretty(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let [laid, depth, opened] = ['', 0, false];
  const line = () => `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
  for (const [part] of text.matchAll(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s"{}[\],:]+/gs)) {
    const isEnd = part === '}' || part === ']';
    if (isEnd) depth--;
    if (opened !== isEnd) laid += line();
    opened = part === '{' || part === '[';
    if (opened) depth++;
    laid += part === ':' ? ': ' : part;
    if (part === ',') laid += line();
  }
  return laid;
}

/** A value with its buttons. @param {string | null} text @param {string} [file] Where the whole can be had. */
export function value(text, file) {
  if (text === null) return h('p.sentence', null, t('No value: a tombstone.'));
  return h('div.record-value', null,
    h('pre', { tabindex: 0 }, cut(pretty(text), 4000)),
    h('div.bar', null, copyButton(text), file && h('a', { href: file, download: '' }, t('Save the whole value'))));
}

/** Where the bytes of a value can be had. @param {string} topic @param {number} partition @param {number | bigint} offset */
export const valueFile = (topic, partition, offset) =>
  `/api/find/value?${new URLSearchParams({ topic, partition: String(partition), offset: String(offset) })}`;

/** @param {string} text */
export function copyButton(text) {
  const button = h('button', {
    type: 'button',
    onclick: async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = t('Copied');
      setTimeout(() => { button.textContent = t('Copy'); }, 1500);
    },
  }, t('Copy'));
  return button;
}

/**
 * A link to what became of a record.
 * @param {import('./state.js').State} state
 * @param {{ topic: string, partition: number, offset: number | bigint }} place
 * @param {string} [text]
 */
export function findLink(state, { topic, partition, offset }, text = `${topic} / ${partition} / ${offset}`) {
  return viewLink(state, '/find', { topic, partition: String(partition), offset: String(offset) }, text);
}

/**
 * A link to a view with a choice made in it.
 * @param {import('./state.js').State} state @param {string} path @param {Record<string, string>} query @param {string} text
 */
export const viewLink = (state, path, query, text) => h('a', {
  href: `${path}?${new URLSearchParams(query)}`.replace(/\?$/, ''),
  onclick: event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    state.go(path, query);
  },
}, text);

/** Names and values, of which long ones are cut. @param {[string, Node | string | number | bigint | null | undefined][]} pairs */
export const facts = pairs => plainFacts(pairs.map(([name, value]) => [name, value instanceof Node ? value : cut(textOf(value))]));

const textOf = value => value === null || value === undefined ? null : String(value);

/**
 * A table that scrolls by itself.
 * @param {string[]} heads One of numbers ends in `>`. A column that a narrow screen does without ends in `<`, and its cells are `td.wide`.
 * @param {(Node | null)[]} rows @param {string} label
 */
export const table = (heads, rows, label) => h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': label },
  h('table.data', null, h('thead', null, h('tr', null, heads.map(column))), h('tbody', null, rows)));

const column = head => h(
  `th${/><?$/.test(head) ? '.number' : ''}${head.endsWith('<') ? '.wide' : ''}`, { scope: 'col' }, head.replace(/>?<?$/, ''));

/** A value of a row as text. @param {unknown} value */
export const cellText = value => value === null ? 'NULL' : Array.isArray(value) ? `[${value.map(cellText).join(', ')}]`
  : typeof value === 'object' ? JSON.stringify(value) : String(value);
