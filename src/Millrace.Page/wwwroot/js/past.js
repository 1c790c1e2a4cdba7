// What was, second by second: a table of times, and of what streams and services did at each.
import { t } from './i18n.js';

/** @typedef {{ feed: string | null, times: number[], streams: object, services: object, events: object[], last: number }} Past */

/** How many streams are told by themselves; more are added up. */
const MOST_LINES = 6;

/** As if nothing were known. @returns {Past} */
export const nothing = () => ({ feed: null, times: [], streams: {}, services: {}, events: [], last: 0 });

/** Adds a document to the table, and takes away what is too old. @param {Past} table */
export function add(table, document, minutes) {
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

export const each = (table, name) => Object.keys(table.streams).length > MOST_LINES
  ? [[t('all streams'), sum(table, name)]]
  : columnsOf(table, name);

export const services = (table, name) =>
  Object.entries(table.services).map(([service, columns]) => [service, padded(columns[name] ?? [], table.times.length)]);

export const sum = (table, name) => combine(table, name, (a, b) => a + b);

export const most = (table, name) => combine(table, name, Math.max);

function combine(table, name, of) {
  const all = columnsOf(table, name).map(([, values]) => values);
  return table.times.map((_, i) => {
    const known = all.map(values => values[i]).filter(value => value !== null);
    return known.length === 0 ? null : known.reduce((a, b) => of(a, b));
  });
}
