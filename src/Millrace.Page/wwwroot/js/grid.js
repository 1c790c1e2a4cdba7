// A result as a table. A long value is cut, and a click shows all of it.
import { h } from './dom.js';
import { count } from './format.js';
import { t } from './i18n.js';

/** Rows that are drawn at once; more by a button. */
const STEP = 500;

const LONGEST = 120;

export const isNumber = (/** @type {string} */ type) => /^(Nullable\()?(U?Int|Float|Decimal|BFloat)/.test(type);

/** Digits as they came: they may be more than a number here holds. @param {any} value */
export const textOf = value => value === null || value === undefined ? 'NULL'
  : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** @param {import('./query.js').Table} table @param {import('./drawer.js').Drawer} drawer */
export function grid(table, drawer) {
  const body = h('tbody');
  const more = h('button', { type: 'button', onclick: add });
  let shown = 0;
  function add() {
    body.append(...table.data.slice(shown, shown + STEP).map(row => h('tr', null, row.map((value, i) => cell(value, table.meta[i])))));
    shown = Math.min(shown + STEP, table.data.length);
    more.hidden = shown === table.data.length;
    more.textContent = t('{shown} of {all} rows: show more', { shown: count(shown), all: count(table.data.length) });
  }
  function cell(value, column) {
    const text = textOf(value);
    const classes = `${isNumber(column.type) ? 'number' : ''}${value === null ? ' null' : ''}`;
    if (text.length <= LONGEST) return h('td', { class: classes }, text);
    return h('td', { class: classes }, `${text.slice(0, LONGEST)} `,
      h('button.more', {
        type: 'button', 'aria-label': t('The whole value'), onclick: () => drawer.open(column.name, h('pre', null, text)),
      }, '…'));
  }
  add();
  return h('div', null,
    h('div.scroll', null, h('table.data', null,
      h('thead', null, h('tr', null, table.meta.map(({ name, type }) =>
        h('th', { class: isNumber(type) ? 'number' : '', scope: 'col', title: type }, name, h('small.type', null, ` ${type}`))))),
      body)),
    more);
}
