// The flow: emitter, topics, consumer group, tables, dead letters, a row for each stream; and the timeline under it.
import { brokenRecordAction, pauseAction, rateAction } from '../actions.js';
import { facts, h, replace, s } from '../dom.js';
import { command } from '../drawer.js';
import { count, duration, milliseconds, rate } from '../format.js';
import { t } from '../i18n.js';
import { Reasons } from '../reasons.js';
import { timeline } from '../timeline.js';
import { ofStream, paused } from '../trouble.js';

/** With more streams than that, rows are narrow and can be searched. */
const MANY = 8;

/** Points of a sparkline: the last minute. */
const SPARK = 60;

/** @type {import('./all.js').View} */
export default {
  path: '/', key: 'f', title: 'Flow',
  mount(root, context) {
    const { feed, stand, state } = context;
    const isMany = stand.streams.length > MANY;
    const grid = h(`section.flow${isMany ? '.many' : ''}`, { 'aria-label': t('Flow') });
    const search = isMany && h('input', {
      type: 'search', 'aria-label': t('Search'), placeholder: t('Search streams'), value: state.get('search') ?? '',
      oninput: () => { state.note({ search: search.value }); draw(feed.status); },
    });
    const plots = timeline(context);
    const reasons = new Reasons();
    root.append(...[search, grid, plots.element].filter(Boolean));
    /** @param {import('../feed.js').Status} status */
    function draw(status) {
      reasons.look(status.document?.flow?.streams ?? []);
      replace(grid, ...rows(status.document, search ? search.value.trim().toLowerCase() : ''));
    }
    /** @param {object | null} document @param {string} wanted */
    function rows(document, wanted) {
      const flows = new Map((document?.flow?.streams ?? []).map(stream => [stream.stream, stream]));
      const streams = stand.streams.map(stream => ({ stream, flow: flows.get(stream.name) }))
        .filter(({ stream }) => [stream.name, stream.topic, stream.target_table].some(name => name.toLowerCase().includes(wanted)));
      if (isMany) streams.sort((a, b) => badness(b.flow) - badness(a.flow));
      const most = Math.max(1, ...streams.map(({ flow }) => Math.max(flow?.produced_per_second ?? 0, flow?.rows_per_second ?? 0)));
      const heads = ['Emitter', 'Topics', 'Consumer group', 'Tables', 'Dead letters']
        .map((title, i) => h(`h2.head.c${i}`, null, t(title)));
      return [
        ...heads,
        emitter(document, context, streams.length),
        group(document, context, streams.length),
        ...streams.flatMap(({ stream, flow }, i) => cells(stream, flow, 2 * i + 2, most, context, reasons.of(stream.name))),
      ];
    }
    const forget = feed.watch(draw);
    return { close() { forget(); plots.close(); } };
  },
};

/** The worst first: what waits, then what is late. */
const badness = flow => !flow ? 0 : (ofStream(flow).length > 0 ? 1e9 : 0) + (flow.paused ? 0 : flow.lag_seconds ?? 0) * 1000 + (flow.dead_letters > 0 ? 1 : 0);

function emitter(document, { drawer, stand }, span) {
  const emitter = document?.emitter;
  const text = emitter
    ? [h('b.large', null, `${rate(emitter.acknowledged_per_second)}/s`), h('span', null, t('acknowledged')),
      h('span', null, t('{n} in flight', { n: count(emitter.in_flight) })),
      emitter.failed > 0 && h('span.bad', null, t('{n} failed', { n: count(emitter.failed) })),
      emitter.is_waiting && h('span.bad', null, t('waits for Kafka'))]
    : [h('span', null, t('No emitter of this stand'))];
  return h('button.node.c0.span', {
    type: 'button', style: { gridRow: `2 / span ${Math.max(1, 2 * span)}` },
    onclick: () => drawer.open(t('Emitter'), [
      facts([[t('Wanted'), emitter?.target_per_second === 0 && !emitter.rate_profile
        ? t('as many as Kafka takes') : `${count(emitter?.target_per_second)}/s`],
        ...(emitter?.rate_profile ? [[t('By the profile'), emitter.rate_profile]] : []),
        [t('Made'), `${rate(emitter?.generated_per_second)}/s`], [t('Acknowledged'), count(emitter?.acknowledged)],
        [t('In flight'), count(emitter?.in_flight)], [t('Failed'), count(emitter?.failed)],
        ...(emitter?.malformed > 0 ? [[t('Malformed on purpose'), count(emitter.malformed)]] : []),
        [t('Last error'), emitter?.last_error ?? '–']]),
      ...(emitter && stand.is_kept ? [rateAction(emitter.target_per_second)] : []),
      command(`${stand.command} logs emitter`),
    ]),
  }, text);
}

function group(document, { drawer, stand }, span) {
  const streams = document?.flow?.streams ?? [];
  const isKnown = streams.length > 0 && streams.every(stream => stream.lag !== null);
  const lag = isKnown ? streams.reduce((sum, stream) => sum + stream.lag, 0) : null;
  const seconds = streams.reduce((most, stream) => Math.max(most, stream.lag_seconds ?? 0), 0);
  return h('button.node.c2.span', {
    type: 'button', style: { gridRow: `2 / span ${Math.max(1, 2 * span)}` },
    onclick: () => drawer.open(stand.group, [
      ...streams.flatMap(ofStream).map(sentence => h('p.sentence.bad', null, sentence)),
      facts(streams.map(stream => [stream.topic, `${t('lag')} ${count(stream.lag)} · ${duration(stream.lag_seconds)}`])),
      command(`${stand.command} groups`),
      command(`kcat -b ${stand.kafka} -L`),
    ]),
  }, h('b.name', null, breakable(stand.group)), h('span', null, t('lag')), h('b.large', null, count(lag)),
    h('span', null, duration(isKnown ? seconds : null)));
}

/** A name that breaks after an underscore rather than within a word. @param {string} name */
const breakable = name => name.split(/(?<=_)/).flatMap(part => [part, h('wbr')]);

/** @param {string | undefined} reason The commonest of its dead letters. */
function cells(stream, flow, row, most, context, reason) {
  const { drawer, stand, feed } = context;
  const why = ofStream(flow);
  const isBad = why.length > 0;
  return [
    edge(row, 'e0', flow?.produced_per_second, most, h('span', null, `${rate(flow?.produced_per_second)}/s`)),
    node(row, 1, isBad, () => drawer.open(stream.topic, topic(stream, flow, stand)),
      h('b.name', null, stream.topic), h('span', null, t('{n} records', { n: count(flow?.log_end_offset) }))),
    edge(row, 'e1', flow?.rows_per_second, most,
      h('span', { class: flow?.lag_seconds > 5 && !flow.paused ? 'bad' : '' }, `${t('lag')} ${count(flow?.lag)} · ${duration(flow?.lag_seconds)}`),
      spark(feed.recent, stream.name)),
    edge(row, 'e2', flow?.rows_per_second, most, flow?.paused
      ? h('span.paused', null, `‖ ${t('paused')}`) : h('span', null, `${rate(flow?.rows_per_second)}/s`)),
    node(row, 3, isBad, () => drawer.open(stream.target_table, table(stream, flow, stand)),
      h('b.name', null, stream.target_table), h('span', null, t('{n} rows', { n: count(flow?.rows) })),
      h('span', null, `p50 ${milliseconds(flow?.latency_p50)} · p99 ${milliseconds(flow?.latency_p99)}`)),
    edge(row, `e3${flow?.dead_letters > 0 ? '.red' : ''}`, flow?.dead_letters > 0 ? most / 10 : 0, most),
    node(row, 4, flow?.dead_letters > 0, () => context.state.go('/dead-letters', { stream: stream.name }),
      h('b.name', null, flow?.dead_letters > 0 ? `▲ ${count(flow.dead_letters)}` : count(flow?.dead_letters)),
      flow?.dead_letters > 0 && reason && h('span.reason', { title: reason }, reason)),
    ...(!isBad && flow?.paused ? [h('p.sentence.why', { style: { gridRow: String(row + 1) } }, `‖ ${paused(flow)}`)] : []),
    ...(isBad ? [h('p.sentence.bad.why', { style: { gridRow: String(row + 1) } }, [...why, paused(flow)].filter(Boolean).join(' '))] : []),
  ];
}

function node(row, column, isBad, onclick, ...children) {
  return h(`button.node.c${column}${isBad ? '.bad' : ''}`, { type: 'button', style: { gridRow: String(row) }, onclick }, children);
}

/** A line as wide as its rate, with the rate on it. */
function edge(row, place, perSecond, most, ...labels) {
  const width = perSecond > 0 ? 1.5 + 10 * Math.sqrt(perSecond / most) : 1;
  return h(`div.edge.${place}`, { style: { gridRow: String(row) } },
    s('svg', { viewBox: '0 0 100 14', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      s(`line${perSecond > 0 ? '' : '.idle'}`,
        { x1: 0, y1: 7, x2: 100, y2: 7, 'stroke-width': width.toFixed(1), 'vector-effect': 'non-scaling-stroke' })),
    labels);
}

/** The lag of the last minute. @param {object[]} recent @param {string} name */
function spark(recent, name) {
  const lags = recent.slice(-SPARK).map(document => document.flow?.streams.find(stream => stream.stream === name)?.lag ?? null);
  const known = lags.filter(lag => lag !== null);
  if (known.length < 2) return null;
  const most = Math.max(1, ...known);
  const first = SPARK - lags.length;
  const x = i => ((first + i) * 100 / (SPARK - 1)).toFixed(1);
  const points = lags.map((lag, i) => lag === null ? null : `${x(i)},${(19 - 18 * lag / most).toFixed(1)}`);
  return s('svg.spark', {
    viewBox: '0 0 100 20', preserveAspectRatio: 'none', role: 'img',
    'aria-label': t('Lag of the last minute, at most {n}', { n: count(most) }),
  }, s('polyline', { points: points.filter(Boolean).join(' '), 'vector-effect': 'non-scaling-stroke' }));
}

function topic(stream, flow, stand) {
  return [
    facts([[t('Stream'), stream.name], [t('Partitions'), stream.partitions], [t('Records'), count(flow?.log_end_offset)],
      [t('Produced'), `${rate(flow?.produced_per_second)}/s`], [t('Committed'), count(flow?.committed_offset)],
      [t('Lag'), count(flow?.lag)],
      [t('Oldest waiting record'), duration(flow?.lag_seconds)]]),
    ...ofStream(flow).map(sentence => h('p.sentence.bad', null, sentence)),
    ...(flow?.paused ? [h('p.sentence', null, paused(flow))] : []),
    ...(flow && flow.paused !== null ? [pauseAction(stream.name, flow.paused)] : []),
    brokenRecordAction(stream.name),
    h('h3', null, t('The same elsewhere')),
    command(`${stand.command} ${flow?.paused ? 'resume' : 'pause'} ${stream.name}`),
    command(`${stand.command} topics`),
    command(`kcat -b ${stand.kafka} -t ${stream.topic} -C -o -5 -e`),
  ];
}

function table(stream, flow, stand) {
  return [
    facts([[t('Stream'), stream.name], [t('Rows'), count(flow?.rows)], [t('Inserted'), `${rate(flow?.rows_per_second)}/s`],
      ['p50', milliseconds(flow?.latency_p50)], ['p99', milliseconds(flow?.latency_p99)], [t('Dead letters'), count(flow?.dead_letters)],
      [t('Order key'), stream.order_by.join(', ')]]),
    h('h3', null, t('Columns')),
    facts(stream.columns.map(column => [column.name, column.type])),
    h('h3', null, t('The same elsewhere')),
    command(`${stand.command} sql "SELECT * FROM ${stream.target_table} ORDER BY inserted_at DESC LIMIT 5"`),
    command(`${stand.command} ddl`),
    command(`curl '${stand.clickhouse}?query=SELECT+count()+FROM+${stream.target_table}'`),
  ];
}
