// What is wrong, in words, and the services above every view.
import { facts, h } from './dom.js';
import { bytes, decimal, duration, secondsSince } from './format.js';
import { t } from './i18n.js';
import { actions } from './actions.js';

const AWAY = ['restarting', 'starting', 'failed'];

/** One sentence for each thing that is wrong, the worst first. @param {object | null} status */
export function troubles(status) {
  if (!status) return [];
  const away = status.services.filter(service => AWAY.includes(service.state)).map(sentence);
  const flow = status.flow;
  return [...away, status.trouble, flow?.kafka_trouble, flow?.clickhouse_trouble, ...(flow?.streams ?? []).flatMap(ofStream)]
    .filter(Boolean);
}

/** Why the records of a stream wait, a sentence each. @param {object | undefined} stream Of the status. */
export const ofStream = stream => [stream?.trouble, unread(stream?.topic, stream?.unread_partitions ?? [])].filter(Boolean);

/** @param {string} topic @param {number[]} partitions Those that no member of the group reads. @returns {string | false} */
export function unread(topic, partitions) {
  const values = { topic, partitions: partitions.join(', ') };
  if (partitions.length === 1) return t('Nobody reads partition {partitions} of {topic}: its records wait.', values);
  return partitions.length > 1 && t('Nobody reads partitions {partitions} of {topic}: their records wait.', values);
}

/** That a stream is paused, which is no trouble; null when it is not. @param {object | undefined} stream Of the status. */
export const paused = stream => stream?.paused
  ? t('{stream} is paused: the records of {topic} wait until it is resumed.', { stream: stream.stream, topic: stream.topic }) : null;

function sentence(service) {
  const values = { service: service.name, why: service.last_exit ?? '', ago: duration(secondsSince(service.since)) };
  if (service.state === 'restarting') return t('{service} is restarting: {why}, {ago} ago', values);
  if (service.state === 'failed') return t('{service} failed: {why}, {ago} ago', values);
  return service.last_exit ? t('{service} is starting again after: {why}', values) : t('{service} is starting', values);
}

/**
 * A chip for each service. Documents tell of services only where a supervisor keeps the stand, so each of them can be restarted.
 * @param {object | null} status @param {import('./drawer.js').Drawer} drawer
 */
export function services(status, drawer) {
  return (status?.services ?? []).map(service => {
    const isBad = AWAY.includes(service.state);
    const isWell = ['running', 'finished'].includes(service.state);
    return h(`li.chip.${isBad ? 'bad' : isWell ? 'well' : 'quiet'}`, null,
      h('button', { type: 'button', 'data-service': service.name, onclick: () => drawer.open(service.name, details(service)) },
        h('span.mark', { 'aria-hidden': 'true' }, isBad ? '▲' : isWell ? '●' : '○'),
        h('b', null, service.name),
        // On a narrow screen it is said only of those that are not well.
        h('span.detail', null, ` ${t(service.state)}`,
          service.memory_bytes > 0 && ` · ${bytes(service.memory_bytes)}`,
          service.cores !== null && service.cores !== undefined && ` · ${decimal(service.cores * 100, 0)} %`),
        service.restarts > 0 && ` · ${service.restarts === 1 ? t('restarted once') : t('restarted {n} times', { n: service.restarts })}`));
  });
}

function details(service) {
  const pairs = [
    [t('State'), t(service.state)],
    [t('Process id'), service.pid ?? '–'],
    [t('For'), duration(secondsSince(service.since))],
    [t('Restarts'), service.restarts],
    [t('Memory'), bytes(service.memory_bytes || null)],
    [t('Cores busy'), decimal(service.cores, 2)],
    [t('Endpoint'), service.endpoint ?? '–'],
    [t('Last exit'), service.last_exit ?? '–'],
  ];
  return [
    facts(pairs),
    actions(service.name),
  ];
}
