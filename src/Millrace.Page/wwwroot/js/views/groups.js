// The consumer groups: members, what each reads, and the lag of each partition since the view was opened.
import { get } from '../api.js';
import { h, replace, s } from '../dom.js';
import { count } from '../format.js';
import { t } from '../i18n.js';
import { poll } from '../poll.js';
import { table } from '../record.js';
import { unread } from '../trouble.js';

/** Milliseconds between two looks. */
const EVERY = 2000;

/** Samples of each partition's lag that are kept: ten minutes. */
const SAMPLES = 300;

/** @type {import('./all.js').View} */
export default {
  path: '/groups', key: null, title: 'Groups',
  mount(root, { feed, stand }) {
    const said = h('p.sentence', { role: 'status' }, t('Looking …'));
    const place = h('section', { 'aria-label': t('Groups') });
    root.append(said, place);
    /** The lag of each partition over time. @type {Map<string, number[]>} */
    const lags = new Map();

    return poll(feed, EVERY, said, signal => get('/api/groups', {}, signal), groups => {
      note(lags, groups);
      said.textContent = groups.length === 0 ? t('There is no consumer group.') : '';
      const paused = new Set((feed.status.document?.flow?.streams ?? []).filter(stream => stream.paused).map(stream => stream.topic));
      replace(place, ...groups.map(group => card(group, lags, stand, paused)));
    });
  },
};

const keyOf = (group, { topic, partition }) => `${group.group_id} ${topic} ${partition}`;

function note(lags, groups) {
  for (const group of groups) {
    for (const partition of group.partitions) {
      const key = keyOf(group, partition);
      lags.set(key, [...(lags.get(key) ?? []), partition.lag].slice(-SAMPLES));
    }
  }
}

/** @param {Set<string>} paused Topics of streams that are paused. */
function card(group, lags, stand, paused) {
  const lag = group.partitions.reduce((sum, partition) => sum + (partition.lag ?? 0), 0);
  return h('section.card', { 'aria-label': group.group_id },
    h('div.bar', null, h('h2', null, group.group_id), h('span', null, group.state), group.assignor ? h('span', null, group.assignor) : null,
      h('b', null, `${t('lag')} ${count(lag)}`)),
    waiting(group, stand, paused).map(sentence => h('p.sentence.bad', { role: 'alert' }, `▲ ${sentence}`)),
    members(group), partitions(group, lags));
}

/** What nobody reads, in a sentence for each topic. A rebalance is no error: it ends. */
function waiting(group, stand, paused) {
  if (group.state !== 'Stable' && group.state !== 'Empty') return [];
  const topics = new Map();
  for (const { topic, partition, member_id, error, paused: isPaused } of group.partitions)
    if (member_id === null && error === null && !isPaused) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  const own = group.group_id === stand.group
    ? stand.streams.map(stream => stream.topic).filter(topic => !paused.has(topic) && !group.partitions.some(partition => partition.topic === topic)) : [];
  return [
    ...[...topics].map(([topic, partitions]) => unread(topic, partitions)),
    ...own.map(topic => t('Nobody reads {topic}, and nobody of this group ever has.', { topic })),
  ];
}

function members(group) {
  if (group.members.length === 0) return h('p.sentence', null, t('No members.'));
  return table([t('Member'), t('Host'), t('Reads')], group.members.map(member => h('tr', null,
    h('td', { title: member.member_id }, member.client_id), h('td', null, member.host),
    h('td', null, assignment(member.assignments) || t('nothing')))), t('Members'));
}

/** @param {{ topic: string, partition: number }[]} assignments */
function assignment(assignments) {
  const topics = new Map();
  for (const { topic, partition } of assignments) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return [...topics].map(([topic, partitions]) => `${topic} ${partitions.sort((a, b) => a - b).join(', ')}`).join('; ');
}

function partitions(group, lags) {
  const names = new Map(group.members.map(member => [member.member_id, member.client_id]));
  const heads = [t('Topic'), `${t('Partition')}>`, `${t('Committed')}>`, `${t('Log end')}>`, `${t('Lag')}>`,
    t('Lag since the view was opened'), t('Read by')];
  return table(heads, group.partitions.map(partition => h(`tr${(partition.member_id === null && !partition.paused) || partition.error ? '.bad' : ''}`, null,
    h('td', null, partition.topic), h('td.number', null, partition.partition), h('td.number', null, count(partition.committed_offset)),
    h('td.number', null, count(partition.log_end_offset)), h('td.number', null, count(partition.lag)),
    h('td', null, spark(lags.get(keyOf(group, partition)) ?? [])),
    h('td', null, partition.error ? `▲ ${partition.error}` : partition.paused ? `‖ ${t('paused')}` : partition.member_id === null ? `▲ ${t('nobody')}`
      : names.get(partition.member_id) ?? partition.member_id))), t('Partitions'));
}

/** @param {(number | null)[]} lags */
function spark(lags) {
  const known = lags.filter(lag => lag !== null);
  if (known.length < 2) return '–';
  const most = Math.max(1, ...known);
  const place = (lag, i) => `${(i * 100 / (lags.length - 1)).toFixed(1)},${(19 - 18 * lag / most).toFixed(1)}`;
  const points = lags.map((lag, i) => lag === null ? null : place(lag, i));
  return h('span.sparked', null,
    s('svg.spark', { viewBox: '0 0 100 20', preserveAspectRatio: 'none', role: 'img', 'aria-label': t('At most {n}', { n: count(most) }) },
      s('polyline', { points: points.filter(Boolean).join(' '), 'vector-effect': 'non-scaling-stroke' })),
    h('span', null, t('at most {n}', { n: count(Math.max(...known)) })));
}
