// What was: plots over one time axis, with marks where something happened. Drawn by uPlot (vendor/).
import { TIMES } from './chart.js';
import { h, replace } from './dom.js';
import { bytes, clock, count, decimal, duration, milliseconds, rate } from './format.js';
import { t } from './i18n.js';

const MINUTES = [5, 15, 60];
const HEIGHT = 130;

/** Between two questions for the past, in milliseconds. */
const RELOAD = 1000;
const COLOURS = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'];

/** How many streams are drawn by themselves; more are added up. */
const MOST_LINES = 6;

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

/** @param {import('./views/all.js').Context} context */
export function timeline({ feed, state }) {
  let minutes = Number(state.get('minutes')) || MINUTES[0];
  const buttons = MINUTES.map(length => h('button', {
    type: 'button', 'aria-pressed': String(length === minutes),
    onclick: () => {
      minutes = length;
      state.note({ minutes });
      press();
      load();
    },
  }, t('{n} min', { n: length })));
  const place = h('div.plots');
  const marks = h('ol.marks', { 'aria-label': t('What happened') });
  const said = h('p.sentence', { role: 'status' });
  const element = h('section.timeline', { 'aria-label': t('Timeline') },
    h('div.bar', null, h('h2', null, t('Timeline')), buttons), said, place, marks);
  /** @type {{ times: number[], streams: object, services: object, events: object[], last: number } | null} */
  let table = null;
  /** @type {{ plot: any, of: Function }[]} */
  let plots = [];
  /** What the reader drew a frame around, in seconds: it stays while data come in. @type {{ min: number, max: number } | null} */
  let zoom = null;
  let forget = () => {};
  let isLoading = false;
  let loadedAt = 0;
  let isClosed = false;

  const press = () => buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(MINUTES[i] === minutes)));

  async function load() {
    forget();
    isLoading = true;
    try {
      const past = await feed.past(minutes);
      table = { ...past, last: past.number };
      said.textContent = '';
    } catch (failure) {
      said.textContent = failure.message;
      // As if nothing were known: it is asked for again with the next document.
      table = { feed: null, times: [], streams: {}, services: {}, events: [], last: 0 };
    }
    isLoading = false;
    loadedAt = Date.now();
    if (isClosed) return;
    plots.forEach(({ plot }) => plot.destroy());
    plots = [];
    place.replaceChildren();
    forget = feed.watch(draw);
  }

  /** @param {import('./feed.js').Status} status */
  function draw({ document, isPaused }) {
    if (isPaused || !document) return;
    if (!table) return;
    // Another supervisor, a page that was started again, or a tab that was hidden for long: the server knows the past.
    if (table.feed !== document.feed || table.last < feed.recent[0].number - 1) {
      if (!isLoading && Date.now() - loadedAt > RELOAD) load();
      return;
    }
    for (const one of feed.recent.filter(one => one.number > table.last)) add(table, one, minutes);
    if (table.times.length === 0) return;
    const data = PLOTS.map(({ of }) => of(table));
    const shape = JSON.stringify(data.map(lines => lines.map(([name]) => name)));
    if (plots.length === 0 || plots.shape !== shape) build(data, shape);
    const times = table.times.map(time => time / 1000);
    plots.forEach(({ plot }, i) => {
      plot.setData([times, ...data[i].map(([, values]) => values)], zoom === null);
      if (zoom) plot.setScale('x', zoom);
    });
    replace(marks, ...table.events.slice(-8).reverse().map(event =>
      h('li', null, h('time', null, clock(event.time)), ' ', h('b', null, event.subject),
        event.kind === event.subject || event.text.startsWith(event.kind) ? ` ${event.text}` : ` ${t(event.kind)}: ${event.text}`)));
  }

  function build(data, shape) {
    plots.forEach(({ plot }) => plot.destroy());
    place.replaceChildren();
    const style = getComputedStyle(document.documentElement);
    // All of them first: the width of each depends on how many there are.
    const boxes = PLOTS.map(({ title }) => h('figure', null, h('figcaption', null, t(title))));
    place.append(...boxes);
    plots = PLOTS.map(({ format }, i) => {
      const box = boxes[i];
      const plot = new window.uPlot(options(box, data[i], format, style, () => table.events), [[], ...data[i].map(() => [])], box);
      plot.over.addEventListener('dblclick', () => { zoom = null; draw(feed.status); });
      plot.hooks.setSelect = [select];
      return { plot };
    });
    plots.shape = shape;
  }

  function select(plot) {
    const { left, width } = plot.select;
    if (width < 3) return;
    zoom = { min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') };
    plots.forEach(one => one.plot.setScale('x', zoom));
  }

  const resized = new ResizeObserver(() => {
    for (const { plot } of plots) plot.setSize({ width: inner(plot.root.parentElement), height: HEIGHT });
  });
  resized.observe(place);
  load();
  return { element, close() { isClosed = true; forget(); resized.disconnect(); plots.forEach(({ plot }) => plot.destroy()); } };
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

/** Adds a document to the table, and takes away what is too old. */
function add(table, document, minutes) {
  const time = Date.parse(document.time);
  table.last = document.number;
  table.times.push(time);
  const size = table.times.length;
  for (const stream of document.flow?.streams ?? []) {
    const columns = table.streams[stream.stream] ??= {};
    for (const name of ['produced_per_second', 'rows_per_second', 'lag', 'lag_seconds', 'latency_p50', 'latency_p99', 'dead_letters'])
      put(columns, name, size, stream[name]);
  }
  for (const service of document.services) {
    const columns = table.services[service.name] ??= {};
    put(columns, 'cores', size, service.cores);
    put(columns, 'memory_bytes', size, service.memory_bytes);
  }
  table.events.push(...document.events);
  let old = 0;
  while (table.times[old] < time - minutes * 60000) old++;
  if (old === 0) return;
  table.times.splice(0, old);
  for (const columns of [...Object.values(table.streams), ...Object.values(table.services)])
    for (const values of Object.values(columns)) values.splice(0, old);
  table.events = table.events.filter(event => Date.parse(event.time) >= table.times[0]);
}

/** Values that nobody knew in between are gaps. */
function put(columns, name, size, value) {
  const values = columns[name] ??= [];
  while (values.length < size - 1) values.push(null);
  values.push(value ?? null);
}

/** A value for each time: those at the end that nobody knew are null. */
function padded(values, size) {
  const missing = Math.max(0, size - values.length);
  return missing === 0 && values.length === size ? values : [...values, ...Array(missing).fill(null)].slice(0, size);
}

const columnsOf = (table, name) =>
  Object.entries(table.streams).map(([stream, columns]) => [stream, padded(columns[name] ?? [], table.times.length)]);

const each = (table, name) => Object.keys(table.streams).length > MOST_LINES
  ? [[t('all streams'), sum(table, name)]]
  : columnsOf(table, name);

const services = (table, name) =>
  Object.entries(table.services).map(([service, columns]) => [service, padded(columns[name] ?? [], table.times.length)]);

const sum = (table, name) => combine(table, name, (a, b) => a + b);

const most = (table, name) => combine(table, name, Math.max);

function combine(table, name, of) {
  const all = columnsOf(table, name).map(([, values]) => values);
  return table.times.map((_, i) => {
    const known = all.map(values => values[i]).filter(value => value !== null);
    return known.length === 0 ? null : known.reduce((a, b) => of(a, b));
  });
}
