// The rows of the flow: a stream each, or those that are well together. On a narrow screen each is a card, where every number has its word.
import { brokenRecordAction, pauseAction } from './actions.js';
import { facts, h, s } from './dom.js';
import { command } from './drawer.js';
import { count, duration, milliseconds, rate } from './format.js';
import { t } from './i18n.js';
import { ofStream, paused } from './trouble.js';

/** Points of a sparkline: the last minute. */
const SPARK = 60;

/**
 * @param {{ stream: any, flow: any }} shown
 * @param {{ row: number, most: number, isLate: boolean, reason: string | undefined }} place The first of its two rows in the grid, the
 * largest rate of all, and the commonest reason of its dead letters.
 * @param {import('./views/all.js').Context} context
 */
export function streamRow({ stream, flow }, { row, most, isLate, reason }, context) {
  const { drawer, stand, feed, state } = context;
  const why = ofStream(flow);
  const isBad = why.length > 0;
  const sentences = [...why, paused(flow)].filter(Boolean);
  return h(`div.stream${isBad ? '.bad' : ''}`, { role: 'group', 'aria-label': stream.name },
    produced(row, flow?.produced_per_second, most),
    node(row, 1, isBad, () => drawer.open(stream.topic, topic(stream, flow, context)),
      word('Topic'), name(stream.topic), h('span.counted', null, t('{n} records', { n: count(flow?.log_end_offset) }))),
    waiting(row, flow, most, isLate, spark(feed.recent, stream.name)),
    inserted(row, flow, most),
    node(row, 3, isBad, () => drawer.open(stream.target_table, table(stream, flow, stand)),
      word('Table'), name(stream.target_table), h('span', null, t('{n} rows', { n: count(flow?.rows) })),
      h('span', { title: `${p50(flow)}${p99(flow)}` }, h('span.p50', null, p50(flow)), p99(flow))),
    edge(row, `e3${flow?.dead_letters > 0 ? '.red' : ''}`, flow?.dead_letters > 0 ? most / 10 : 0, most),
    node(row, 4, flow?.dead_letters > 0, () => state.go('/dead-letters', { stream: stream.name }),
      word('Dead letters'), h('b', null, flow?.dead_letters > 0 ? `▲ ${count(flow.dead_letters)}` : count(flow?.dead_letters)),
      flow?.dead_letters > 0 && reason && h('span.reason', { title: reason }, reason)),
    sentences.length > 0 && h(`p.sentence.why${isBad ? '.bad' : ''}`, { style: { gridRow: String(row + 1) } },
      `${isBad ? '▲' : '‖'} ${sentences.join(' ')}`));
}

/**
 * Streams that need nobody's eye: their sums, and a button that unfolds them.
 * @param {{ flow: any }[]} rest @param {{ row: number, most: number, label: string, isUnfolded: boolean }} place
 * @param {() => void} turn
 */
export function restRow(rest, { row, most, label, isUnfolded }, turn) {
  const flow = Object.fromEntries(['produced_per_second', 'lag', 'rows_per_second', 'rows'].map(field => [field, sum(rest, field)]));
  flow.lag_seconds = largest(rest, 'lag_seconds');
  return h('div.stream.rest', { role: 'group', 'aria-label': label },
    produced(row, flow.produced_per_second, most),
    h('button.node.c1', { type: 'button', 'aria-expanded': String(isUnfolded), style: { gridRow: String(row) }, onclick: turn },
      h('b', null, `${isUnfolded ? '▾' : '▸'} ${label}`)),
    waiting(row, flow, most, false, null),
    inserted(row, flow, most),
    h('div.node.c3', { style: { gridRow: String(row) } }, h('span', null, t('{n} rows', { n: count(flow.rows) })),
      h('span', null, t('worst p99 {p99}', { p99: milliseconds(largest(rest, 'latency_p99')) }))),
    edge(row, 'e3', 0, most),
    h('div.node.c4', { style: { gridRow: String(row) } }, word('Dead letters'), h('b', null, count(sum(rest, 'dead_letters')))));
}

const known = (rest, field) => rest.map(({ flow }) => flow?.[field] ?? null).filter(value => value !== null);

const sum = (rest, field) => known(rest, field).length === 0 ? null : known(rest, field).reduce((all, value) => all + Number(value), 0);

const largest = (rest, field) => known(rest, field).length === 0 ? null : Math.max(...known(rest, field));

/** What the head of the column says where there are columns. @param {string} text */
export const word = text => h('span.word', null, t(text));

/** One that is too long for its place is cut, and shown whole where the pointer rests. @param {string} text */
const name = text => h('b.name', { title: text }, text);

const p50 = flow => `p50 ${milliseconds(flow?.latency_p50)} · `;

const p99 = flow => `p99 ${milliseconds(flow?.latency_p99)}`;

const produced = (row, perSecond, most) => edge(row, 'e0', perSecond, most, word('Produced'), h('span', null, `${rate(perSecond)}/s`));

function waiting(row, flow, most, isLate, picture) {
  const text = `${isLate ? '▲ ' : ''}${t('lag')} ${count(flow?.lag)}`;
  return edge(row, 'e1', flow?.rows_per_second, most,
    h(`span${isLate ? '.bad' : ''}`, null, h('span', null, text), ' ', h('span', null, `· ${duration(flow?.lag_seconds)}`)),
    picture);
}

const inserted = (row, flow, most) => edge(row, 'e2', flow?.rows_per_second, most, word('Inserted'),
  flow?.paused ? h('span.paused', null, `‖ ${t('paused')}`) : h('span', null, `${rate(flow?.rows_per_second)}/s`));

function node(row, column, isBad, onclick, ...children) {
  return h(`button.node.c${column}${isBad ? '.bad' : ''}`, { type: 'button', style: { gridRow: String(row) }, onclick }, children);
}

/** A line as wide as its rate, with the rate on it. */
function edge(row, place, perSecond, most, ...labels) {
  const width = perSecond > 0 ? 1.5 + 10 * Math.sqrt(Math.min(1, perSecond / most)) : 1;
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

function topic(stream, flow, { stand, feed }) {
  return [
    facts([[t('Stream'), stream.name], [t('Partitions'), stream.partitions], [t('Records'), count(flow?.log_end_offset)],
      [t('Produced'), `${rate(flow?.produced_per_second)}/s`], [t('Committed'), count(flow?.committed_offset)],
      [t('Lag'), count(flow?.lag)],
      [t('Oldest waiting record'), duration(flow?.lag_seconds)]]),
    ...ofStream(flow).map(sentence => h('p.sentence.bad', null, sentence)),
    ...(flow?.paused ? [h('p.sentence', null, paused(flow))] : []),
    pauseAction(stream.name, feed),
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
