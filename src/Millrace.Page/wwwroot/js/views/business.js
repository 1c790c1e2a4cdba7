// What the events are about: charts made from the declarations of the streams, each with the query behind it.
import { get } from '../api.js';
import { chart } from '../chart.js';
import { h } from '../dom.js';
import { clock, count, decimal } from '../format.js';
import { textOf } from '../grid.js';
import { t } from '../i18n.js';
import { poll } from '../poll.js';

const PAUSE = 10000;
const HEIGHT = 230;

/**
 * @typedef {{
 *   title: string, about: string, kind: 'lines' | 'bars', sql: string, table: import('../query.js').Table | null, error: string | null
 * }} Panel
 */

/** @type {import('./all.js').View} */
export default {
  path: '/business', key: 'b', title: 'Business',
  mount(root, context) {
    const said = h('p.sentence', { role: 'status' }, t('At work …'));
    const place = h('div.panels');
    root.append(said, place);
    /** By what they show. @type {Map<string, ReturnType<typeof panel>>} */
    const drawn = new Map();

    /** @param {{ panels: Panel[] }} answer */
    function show({ panels }) {
      const keyOf = one => `${one.title} ${one.about} ${one.sql}`;
      const wanted = new Set(panels.map(keyOf));
      for (const [key, one] of [...drawn].filter(([key]) => !wanted.has(key))) { one.close(); one.element.remove(); drawn.delete(key); }
      for (const one of panels) {
        if (!drawn.has(keyOf(one))) drawn.set(keyOf(one), panel(one, context));
        const { element, refresh } = drawn.get(keyOf(one));
        if (!element.isConnected) place.append(element);
        refresh(one);
      }
      said.textContent = t('The last 60 minutes, as of {time}; refreshed every {n} s', { time: clock(new Date()), n: PAUSE / 1000 });
    }

    const looks = poll(context.feed, PAUSE, said, signal => get('/api/business', {}, signal), show);
    return { close() { looks.close(); for (const one of drawn.values()) one.close(); } };
  },
};

/** @param {Panel} panel @param {import('./all.js').Context} context */
function panel({ title, about, kind, sql }, { state }) {
  let drawn = { close() {} };
  const address = `/query?sql=${encodeURIComponent(sql)}${kind === 'lines' ? '&as=line' : ''}`;
  const follow = event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    state.go('/query', { sql, as: kind === 'lines' ? 'line' : null });
  };
  const place = h('div');
  const said = h('p.sentence', { role: 'status' });
  const element = h('figure', null,
    h('figcaption', null, t(title), about && h('small.type', null, ` ${about}`), ' ',
      h('a.sql', { href: address, onclick: follow }, 'SQL')),
    said, place);

  /** @param {Panel} now */
  function refresh({ table, error }) {
    if (!table) { said.textContent = error ?? ''; return; }
    drawn.close();
    drawn = { close() {} };
    said.textContent = table.data.length === 0 ? t('Nothing in the last 60 minutes.') : '';
    if (table.data.length === 0) place.replaceChildren();
    else if (kind === 'lines') {
      const made = drawn = chart(table, 'line', HEIGHT);
      place.replaceChildren(made.element);
    } else place.replaceChildren(bars(table));
  }

  return { element, refresh, close: () => drawn.close() };
}

/** A name, a bar and a number in each row; further columns are written beside it. @param {import('../query.js').Table} table */
function bars({ meta, data }) {
  const most = Math.max(...data.map(row => Number(row[1])), 1e-9);
  return h('table.bars', null,
    h('thead', null, h('tr', null, h('th', null, meta[0].name), h('th', { 'aria-hidden': 'true' }),
      meta.slice(1).map(({ name }) => h('th.number', null, name)))),
    h('tbody', null, data.map(row => h('tr', null,
      h('td', null, textOf(row[0])),
      h('td.bar-of', { 'aria-hidden': 'true' }, h('span', { style: { width: `${(100 * Number(row[1]) / most).toFixed(1)}%` } })),
      row.slice(1).map((value, i) => h('td.number', null, number(value, meta[i + 1].type)))))));
}

/** Whole numbers and sums exactly as they came; 64 bits stay 64 bits. */
function number(value, type) {
  if (value === null) return '–';
  if (/Int/.test(type)) return count(BigInt(value));
  return /Float/.test(type) ? decimal(Number(value), 1) : textOf(value);
}
