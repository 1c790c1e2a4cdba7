// The result of a query, as a table or a chart, and the ways to take it along.
import { chart } from './chart.js';
import { h } from './dom.js';
import { grid } from './grid.js';
import { t } from './i18n.js';
import { DOWNLOADS } from './query.js';

const HEIGHT = 380;
const SHAPES = [['table', 'Table'], ['line', 'Lines'], ['bar', 'Bars']];

/**
 * @param {{ state: any, drawer: any, save: (format: string) => void }} context `save` is given the format that a download has.
 */
export function queryResult({ state, drawer, save }) {
  /** @type {import('./query.js').Table | string | null} */ let result = null;
  let drawn = { close() {} };
  let shape = state.get('as') ?? 'table';
  const place = h('section', { 'aria-label': t('Result') });
  const shapes = SHAPES.map(([name, title]) => h('button', {
    type: 'button', 'aria-pressed': String(name === shape),
    onclick: () => { shape = name; state.note({ as: name === 'table' ? null : name }); draw(); },
  }, t(title)));
  const downloads = DOWNLOADS.map(([title, format]) => h('button', { type: 'button', onclick: () => save(format) }, title));
  const bar = h('div.bar', { hidden: true }, shapes, h('span', null, t('Download')), downloads);

  function draw() {
    drawn.close();
    drawn = { close() {} };
    bar.hidden = result === null;
    shapes.forEach((button, i) => button.setAttribute('aria-pressed', String(SHAPES[i][0] === shape)));
    if (result === null) return;
    if (typeof result === 'string') place.replaceChildren(h('pre', null, result));
    else if (shape === 'table') place.replaceChildren(grid(result, drawer));
    else {
      const made = drawn = chart(result, shape === 'bar' ? 'bar' : 'line', HEIGHT);
      place.replaceChildren(made.element);
    }
  }

  return {
    elements: [bar, place],
    /** @param {import('./query.js').Table | string} answer */
    show(answer) { result = answer; draw(); },
    close() { drawn.close(); },
  };
}
