// Plots over one time axis, with marks where something happened. Drawn by uPlot (vendor/).
import { TIMES } from './chart.js';
import { h } from './dom.js';
import { bytes, clock, count, decimal, duration, milliseconds, rate } from './format.js';
import { t } from './i18n.js';
import { each, most, services, sum } from './past.js';

const HEIGHT = 130;
const COLOURS = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'];

/** What each plot shows. `of` gives its lines: a name and a value of each point. */
const PLOTS = [
  { title: 'Produced and inserted a second', format: rate, of: table => [
    [t('produced'), sum(table, 'produced_per_second')], [t('inserted'), sum(table, 'rows_per_second')]] },
  { title: 'Lag, records', format: count, of: table => each(table, 'lag') },
  { title: 'Lag, seconds', format: duration, of: table => each(table, 'lag_seconds') },
  { title: 'From event to row, ms', format: milliseconds, of: table => [
    ['p50', most(table, 'latency_p50')], ['p99', most(table, 'latency_p99')]] },
  { title: 'Dead letters', format: count, of: table => each(table, 'dead_letters') },
  { title: 'Processor, cores', format: value => decimal(value, 2), of: table => services(table, 'cores') },
  { title: 'Memory', format: bytes, of: table => services(table, 'memory_bytes') },
];

/** The plots of what was, side by side. The reader may draw a frame around a stretch of time, in all of them at once. */
export function plots() {
  const element = h('div.plots');
  /** @type {any[]} */
  let drawn = [];
  /** The names of the lines of each: others need other plots. */
  let shape = '';
  /** @type {import('./past.js').Past | null} */
  let table = null;
  /** What the reader drew a frame around, in seconds: it stays while data come in. @type {{ min: number, max: number } | null} */
  let zoom = null;

  /** @param {import('./past.js').Past} now */
  function show(now) {
    table = now;
    const data = PLOTS.map(({ of }) => of(table));
    const wanted = JSON.stringify(data.map(lines => lines.map(([name]) => name)));
    if (drawn.length === 0 || shape !== wanted) build(data);
    shape = wanted;
    const times = table.times.map(time => time / 1000);
    drawn.forEach((plot, i) => {
      plot.setData([times, ...data[i].map(([, values]) => values)], zoom === null);
      if (zoom) plot.setScale('x', zoom);
    });
  }

  function clear() {
    drawn.forEach(plot => plot.destroy());
    drawn = [];
    element.replaceChildren();
  }

  function build(data) {
    clear();
    const style = getComputedStyle(document.documentElement);
    // All of them first: the width of each depends on how many there are.
    const boxes = PLOTS.map(({ title }) => h('figure', null, h('figcaption', null, t(title))));
    element.append(...boxes);
    drawn = PLOTS.map(({ format }, i) => {
      const box = boxes[i];
      const plot = new window.uPlot(options(box, data[i], format, style, () => table.events), [[], ...data[i].map(() => [])], box);
      plot.over.addEventListener('dblclick', () => { zoom = null; show(table); });
      plot.hooks.setSelect = [select];
      return plot;
    });
  }

  function select(plot) {
    const { left, width } = plot.select;
    if (width < 3) return;
    zoom = { min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') };
    drawn.forEach(one => one.setScale('x', zoom));
  }

  const resized = new ResizeObserver(() => {
    for (const plot of drawn) plot.setSize({ width: inner(plot.root.parentElement), height: HEIGHT });
  });
  resized.observe(element);
  return { element, show, clear, close() { resized.disconnect(); clear(); } };
}

function options(box, lines, format, style, events) {
  const ink = style.getPropertyValue('--soft').trim();
  const grid = { stroke: style.getPropertyValue('--line').trim(), width: 1 };
  return {
    width: inner(box), height: HEIGHT,
    cursor: { sync: { key: 'timeline' }, drag: { x: true, y: false }, points: { show: lines.length > 0 } },
    legend: { live: true },
    scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 1, 1e-9) * 1.1] } },
    axes: [
      { stroke: ink, grid, values: (_, ticks) => ticks.map(tick => clock(tick * 1000)), space: 80, size: 30, incrs: TIMES },
      { stroke: ink, grid, values: (_, ticks) => ticks.map(format), size: room },
    ],
    series: [
      { label: t('time'), value: (_, time) => time === null || time === undefined ? '–' : clock(time * 1000) },
      ...lines.map(([name], i) => ({
        label: name, stroke: style.getPropertyValue(COLOURS[i % COLOURS.length]).trim(), width: 1.5,
        // Colour is never the only sign.
        dash: i % 4 === 0 ? undefined : [[6, 3], [2, 3], [8, 3, 2, 3]][i % 4 - 1],
        value: (_, value) => format(value), spanGaps: false, points: { show: false },
      })),
    ],
    hooks: { draw: [plot => drawMarks(plot, events(), style)] },
  };
}

/** The room in a box, without its padding. @param {HTMLElement} box */
const inner = box => Math.max(160, box.clientWidth - 16);

/** Pixels beside a plot for the longest of its values; none yet when it is made. @param {string[] | null} values */
const room = (_, values) => 24 + 7 * Math.max(4, ...(values ?? []).map(value => value.length));

/** A vertical line where something happened. */
function drawMarks(plot, events, style) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = style.getPropertyValue('--bad').trim();
  ctx.setLineDash([3, 3]);
  for (const event of events) {
    const x = Math.round(plot.valToPos(Date.parse(event.time) / 1000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
