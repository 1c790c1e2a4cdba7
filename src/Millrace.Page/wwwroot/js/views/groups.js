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

/** A group with more partitions than that has a row for each topic, which unfolds. */
const MANY = 24;

/** More members than that are folded. */
const MANY_MEMBERS = 8;

/** @type {import('./all.js').View} */
export default {
  path: '/groups', key: null, title: 'Groups',
  mount(root, { feed, stand, state }) {
    const said = h('p.sentence', { role: 'status' }, t('Looking …'));
    const place = h('section', { 'aria-label': t('Groups') });
    root.append(said, place);
    /** The lag of each partition over time. @type {Map<string, number[]>} */
    const lags = new Map();
    /** @type {object[]} */
    let shown = [];
    /** What is unfolded: a group's members by the group, its partitions of a topic by both. In the link a space parts one from the next. */
    const unfolded = {
      keys: new Set((state.get('unfolded') ?? '').split(' ').filter(Boolean)),
      has(...names) { return this.keys.has(keyOfNames(names)); },
      turn(...names) {
        if (!this.keys.delete(keyOfNames(names))) this.keys.add(keyOfNames(names));
        state.note({ unfolded: [...this.keys].join(' ') });
        draw();
      },
    };

    function draw() {
      const paused = new Set((feed.status.document?.flow?.streams ?? []).filter(stream => stream.paused).map(stream => stream.topic));
      replace(place, ...shown.map(group => card(group, lags, stand, paused, unfolded)));
    }

    return poll(feed, EVERY, said, signal => get('/api/groups', {}, signal), groups => {
      note(lags, groups);
      said.textContent = groups.length === 0 ? t('There is no consumer group.') : '';
      shown = groups;
      draw();
    });
  },
};

/** No name has a space or a slash in it then, whatever it is. @param {string[]} names */
const keyOfNames = names => names.map(encodeURIComponent).join('/');

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
function card(group, lags, stand, paused, unfolded) {
  const lag = group.partitions.reduce((sum, partition) => sum + (partition.lag ?? 0), 0);
  return h('section.card', { 'aria-label': group.group_id },
    h('div.bar', null, h('h2', null, group.group_id), h('span', null, group.state), group.assignor ? h('span', null, group.assignor) : null,
      h('b', null, `${t('lag')} ${count(lag)}`)),
    waiting(group, stand, paused).map(sentence => h('p.sentence.bad', { role: 'alert' }, `▲ ${sentence}`)),
    members(group, unfolded), partitions(group, lags, unfolded));
}

/** What nobody reads, in a sentence for each topic. A rebalance is no error: it ends. */
function waiting(group, stand, paused) {
  if (group.state !== 'Stable' && group.state !== 'Empty') return [];
  const topics = new Map();
  for (const { topic, partition, member_id, error, paused: isPaused } of group.partitions)
    if (member_id === null && error === null && !isPaused) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  const own = group.group_id === stand.group
    ? stand.streams.map(stream => stream.topic)
      .filter(topic => !paused.has(topic) && !group.partitions.some(partition => partition.topic === topic)) : [];
  return [
    ...[...topics].map(([topic, partitions]) => unread(topic, partitions)),
    ...own.map(topic => t('Nobody reads {topic}, and nobody of this group ever has.', { topic })),
  ];
}

function members(group, unfolded) {
  if (group.members.length === 0) return h('p.sentence', null, t('No members.'));
  const isMany = group.members.length > MANY_MEMBERS;
  const isOpen = !isMany || unfolded.has(group.group_id);
  return h('div', null,
    isMany && fold(t('{n} members', { n: count(group.members.length) }), isOpen, () => unfolded.turn(group.group_id)),
    isOpen && table([t('Member'), t('Host'), t('Reads')], group.members.map(member => h('tr', null,
      h('td.mono', { title: member.member_id }, member.client_id), h('td', null, member.host),
      h('td', null, assignment(member.assignments) || t('nothing')))), t('Members')));
}

const fold = (text, isOpen, turn) => h('button.pick.fold', { type: 'button', 'aria-expanded': String(isOpen), onclick: turn },
  `${isOpen ? '▾' : '▸'} ${text}`);

/** @param {{ topic: string, partition: number }[]} assignments */
function assignment(assignments) {
  const topics = new Map();
  for (const { topic, partition } of assignments) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return [...topics].map(([topic, partitions]) => `${topic} ${partitions.sort((a, b) => a - b).join(', ')}`).join('; ');
}

/** Of many partitions a row for each topic, the worst first; what nobody reads stands under it whether it is unfolded or not. */
function partitions(group, lags, unfolded) {
  const names = new Map(group.members.map(member => [member.member_id, member.client_id]));
  const isMany = group.partitions.length > MANY;
  const heads = [t('Topic'), `${t('Partition')}>`, `${t('Committed')}><`, `${t('Log end')}><`, `${t('Lag')}>`,
    t('Lag since the view was opened'), t('Read by')];
  const one = partition => row(group, partition, lags, names);
  const rows = isMany
    ? byTopic(group, lags).flatMap(topic => {
      const isOpen = unfolded.has(group.group_id, topic.name);
      const open = topic.partitions.filter(partition => isOpen || isWrong(partition));
      return [topicRow(topic, isOpen, () => unfolded.turn(group.group_id, topic.name)), ...open.map(one)];
    })
    : group.partitions.map(one);
  return table(heads, rows, t('Partitions'));
}

const isWrong = partition => (partition.member_id === null && !partition.paused) || partition.error !== null;

function row(group, partition, lags, names) {
  return h(`tr${isWrong(partition) ? '.bad' : ''}`, null,
    h('td', null, partition.topic), h('td.number', null, partition.partition), h('td.number.wide', null, count(partition.committed_offset)),
    h('td.number.wide', null, count(partition.log_end_offset)), h('td.number', null, count(partition.lag)),
    h('td', null, spark(lags.get(keyOf(group, partition)) ?? [])),
    h('td', null, partition.error ? `▲ ${partition.error}` : partition.paused ? `‖ ${t('paused')}`
      : partition.member_id === null ? `▲ ${t('nobody')}`
      : names.get(partition.member_id) ?? partition.member_id));
}

/** The worst topic first: what is wrong, then by the digits of the largest lag that was seen, so that rows seldom change places. */
function byTopic(group, lags) {
  return [...Map.groupBy(group.partitions, partition => partition.topic)].map(([name, all]) => {
    // Each ends at the last look: a partition that came later has fewer.
    const past = all.map(partition => lags.get(keyOf(group, partition)) ?? []);
    const longest = Math.max(...past.map(values => values.length));
    const sums = Array.from({ length: longest }, (_, i) => sum(past.map(values => values.at(i - longest))));
    return { name, partitions: all, sums, wrong: all.filter(isWrong).length, digits: String(Math.max(0, ...sums)).length };
  }).sort((a, b) => b.wrong - a.wrong || b.digits - a.digits || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Unless one is known, their sum is not. @param {(number | bigint | null | undefined)[]} values */
const sum = values => values.reduce((all, value) => value === null || value === undefined ? all : (all ?? 0) + Number(value), null);

function topicRow({ name, partitions, sums, wrong }, isOpen, turn) {
  const readers = partitions.filter(partition => partition.member_id !== null).length;
  const read = t('{n} of {all} are read', { n: readers, all: partitions.length });
  return h(`tr.topic${wrong > 0 ? '.bad' : ''}`, null,
    h('td', null, fold(name, isOpen, turn)), h('td.number', null, t('{n} partitions', { n: count(partitions.length) })),
    h('td.number.wide', null, count(sum(partitions.map(partition => partition.committed_offset)))),
    h('td.number.wide', null, count(sum(partitions.map(partition => partition.log_end_offset)))),
    h('td.number', null, h('b', null, count(sum(partitions.map(partition => partition.lag))))),
    h('td', null, spark(sums)),
    h('td.time', null, wrong > 0 ? `▲ ${read}` : partitions.some(partition => partition.paused) ? `‖ ${t('paused')}` : read));
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
