// A result as lines or bars, drawn by uPlot (vendor/). The first column is what it is drawn along; a text beside it splits the numbers.
import { h } from './dom.js';
import { decimal } from './format.js';
import { isNumber, textOf } from './grid.js';
import { language, t } from './i18n.js';

const COLOURS = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'];
const DASHES = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]];

/** What may lie between two marks of an axis of time, in seconds: up to a week. */
export const TIMES = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800];

/** More lines than that tell nobody anything. */
const MOST_LINES = 8;

const isTime = (/** @type {string} */ type) => /^(Nullable\()?Date/.test(type);

/**
 * @param {import('./query.js').Table} table @param {'line' | 'bar'} kind @param {number} height
 * @returns {{ element: HTMLElement, close: () => void }}
 */
export function chart(table, kind, height) {
  const shape = shapeOf(table);
  if (!shape) {
    return { element: h('p.sentence', null, t('A chart needs a first column to draw along, and one with numbers after it.')), close() {} };
  }
  const box = h('div.chart');
  const plot = new window.uPlot(options(shape, kind, height), [shape.along, ...shape.lines.map(line => line.values)], box);
  const fit = () => plot.setSize({ width: Math.max(160, box.clientWidth), height });
  const resized = new ResizeObserver(fit);
  resized.observe(box);
  const left = shape.left > 0 && h('p.sentence', null, t('{n} more lines are not drawn', { n: shape.left }));
  return { element: h('div', null, box, left), close() { resized.disconnect(); plot.destroy(); } };
}

/** What is drawn: null where nothing can be. @param {import('./query.js').Table} table */
export function shapeOf({ meta, data }) {
  const first = meta[0];
  const numbers = meta.map(({ type }, i) => i).filter(i => i > 0 && isNumber(meta[i].type));
  if (!first || numbers.length === 0 || data.length === 0) return null;
  const splitBy = meta.findIndex(({ type }, i) => i > 0 && !isNumber(type) && !isTime(type) && !/^Array|^Map|^Tuple/.test(type));
  const keys = [...new Set(data.map(row => textOf(row[0])))];
  const isOrdered = isTime(first.type) || isNumber(first.type);
  if (isOrdered) keys.sort((a, b) => position(a, first.type) - position(b, first.type));
  const places = new Map(keys.map((key, i) => [key, i]));
  /** @type {Map<string, (number | null)[]>} */
  const lines = new Map();
  for (const row of data) {
    for (const i of numbers) {
      const name = splitBy < 0 ? meta[i].name : numbers.length === 1 ? textOf(row[splitBy]) : `${textOf(row[splitBy])}, ${meta[i].name}`;
      if (!lines.has(name)) lines.set(name, Array(keys.length).fill(null));
      lines.get(name)[places.get(textOf(row[0]))] = row[i] === null ? null : Number(row[i]);
    }
  }
  const all = [...lines].map(([name, values]) => ({ name, values }));
  return {
    name: first.name, isTime: isTime(first.type), labels: isOrdered ? null : keys,
    along: isOrdered ? keys.map(key => position(key, first.type)) : keys.map((_, i) => i),
    lines: all.slice(0, MOST_LINES), left: Math.max(0, all.length - MOST_LINES),
  };
}

/** Where on the axis: seconds, or the number itself. */
const position = (text, type) => isTime(type) ? Date.parse(text) / 1000 : Number(text);

function options(shape, kind, height) {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim();
  const grid = { stroke: colour('--line'), width: 1 };
  const isLong = shape.along[shape.along.length - 1] - shape.along[0] > DAY;
  const ofPlace = place => shape.labels ? shape.labels[place] ?? '' : shape.isTime ? time(place, isLong) : decimal(place, 0);
  const bars = window.uPlot.paths.bars({ size: [0.7, 60], align: 0 });
  return {
    width: 400, height,
    scales: {
      x: { time: false, range: (_, low, high) => shape.along.length === 1 ? aroundOne(shape)
        : kind === 'bar' ? around(shape.along, low, high) : [low, high] },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 1, 1e-9) * 1.1] },
    },
    axes: [
      { stroke: colour('--soft'), grid, space: 90,
        values: (_, ticks) => ticks.map(tick => short(shape.labels && tick % 1 !== 0 ? '' : ofPlace(tick))),
        incrs: shape.labels ? [1, 2, 5, 10, 20, 50, 100, 500, 1000] : shape.isTime ? TIMES : undefined },
      { stroke: colour('--soft'), grid, size: 74,
        values: (_, ticks) => ticks.map(tick => decimal(tick, Math.abs(tick) < 10 && tick % 1 !== 0 ? 2 : 0)) },
    ],
    series: [
      { label: shape.name, value: (_, place) => place === null || place === undefined ? '–' : ofPlace(place) },
      ...shape.lines.map(({ name }, i) => ({
        label: name, stroke: colour(COLOURS[i % COLOURS.length]), width: 1.5, spanGaps: true,
        // Colour is never the only sign.
        dash: kind === 'bar' ? undefined : DASHES[i % DASHES.length],
        fill: kind === 'bar' ? `${colour(COLOURS[i % COLOURS.length])}88` : undefined,
        paths: kind === 'bar' ? bars : undefined,
        value: (_, value) => decimal(value, value !== null && value % 1 !== 0 ? 2 : 0),
      })),
    ],
  };
}

const DAY = 86400;

/** Without the date where all is within a day, without seconds where they are 0. */
const time = (seconds, isLong) => new Date(seconds * 1000).toLocaleString(language(), {
  ...isLong ? { day: '2-digit', month: '2-digit' } : {}, hour: '2-digit', minute: '2-digit',
  ...seconds % 60 === 0 ? {} : { second: '2-digit' },
});

const short = text => text.length > 14 ? `${text.slice(0, 13)}…` : text;

/** One place alone has no distance to another: a minute to both sides, or one step. Of one, uPlot would show a third of a day. */
function aroundOne(shape) {
  const step = shape.isTime ? 60 : 1;
  return [shape.along[0] - step, shape.along[0] + step];
}

/** Half a bar of room at both ends. */
function around(along, low, high) {
  const step = along.length > 1 ? (along[along.length - 1] - along[0]) / (along.length - 1) : 1;
  return [low - step / 2, high + step / 2];
}
