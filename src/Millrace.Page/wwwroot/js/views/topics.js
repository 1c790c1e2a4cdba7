// The topics: a list, and of one its partitions, settings and records.
import { get } from '../api.js';
import { h, replace } from '../dom.js';
import { bytes, count, rate } from '../format.js';
import { t } from '../i18n.js';
import { poll } from '../poll.js';
import { Records } from '../records.js';
import { cut, table } from '../record.js';

/** Milliseconds between two looks. */
const EVERY = 2000;

/** @type {import('./all.js').View} */
export default {
  path: '/topics', key: 't', title: 'Topics',
  mount(root, context) {
    const { feed, state } = context;
    const name = state.get('topic');
    const said = h('p.sentence', { role: 'status' }, t('Looking …'));
    const place = h('section', { 'aria-label': t('Topics') });
    const records = name ? new Records(name, context) : null;
    root.append(...[said, place, records?.element].filter(Boolean));

    function draw(topics) {
      said.textContent = '';
      const flows = new Map((feed.status.document?.flow?.streams ?? []).map(stream => [stream.topic, stream]));
      const topic = topics.find(one => one.name === name);
      if (name && !topic) said.textContent = t('There is no topic {name}.', { name });
      else replace(place, ...(topic ? one(topic, flows.get(name), context) : list(topics, flows, context)));
    }

    const looks = poll(feed, EVERY, said, signal => get('/api/topics', {}, signal), draw);
    return { close() { looks.close(); records?.close(); } };
  },
};

function list(topics, flows, { state, stand }) {
  const streams = new Map(stand.streams.map(stream => [stream.topic, stream.name]));
  const heads = [t('Topic'), t('Stream'), `${t('Partitions')}>`, `${t('Records')}>`, `${t('Size')}>`, `${t('Produced')}>`, t('Trouble')];
  return [table(heads, topics.map(topic => {
    const errors = topic.partitions.filter(partition => partition.error);
    return h(`tr${errors.length > 0 ? '.bad' : ''}`, null,
      h('td', null, link(topic.name, state)), h('td', null, streams.get(topic.name) ?? '–'),
      h('td.number', null, topic.partitions.length),
      h('td.number', null, count(topic.records)),
      h('td.number', { title: topic.size_error ? t(topic.size_error) : null }, bytes(topic.size_bytes)),
      h('td.number', null, flows.has(topic.name) ? `${rate(flows.get(topic.name).produced_per_second)}/s` : '–'),
      h('td', null, errors.length > 0 ? `▲ ${errors[0].error}` : '–'));
  }), t('Topics'))];
}

const link = (topic, state) => h('a', {
  href: `/topics?${new URLSearchParams({ topic })}`,
  onclick: event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    state.go('/topics', { topic });
  },
}, topic);

function one(topic, flow, { state, drawer }) {
  const show = async () => {
    try {
      drawer.open(t('Settings of {topic}', { topic: topic.name }), settings(await get('/api/topics/settings', { topic: topic.name })));
    } catch (failure) {
      drawer.open(t('Settings of {topic}', { topic: topic.name }), h('p.sentence.bad', null, failure.message));
    }
  };
  return [
    h('div.bar', null, h('button', { type: 'button', onclick: () => state.go('/topics') }, t('← All topics')), h('h2', null, topic.name),
      h('span', null, t('{n} records', { n: count(topic.records) })), flow ? h('span', null, `${rate(flow.produced_per_second)}/s`) : null,
      h('button', { type: 'button', onclick: show }, t('Settings'))),
    table(
      [`${t('Partition')}>`, `${t('Log start')}>`, `${t('Log end')}>`, `${t('Records')}>`, `${t('Leader')}>`, t('In sync'), t('Trouble')],
      topic.partitions.map(partition => h(`tr${partition.error ? '.bad' : ''}`, null,
        h('td.number', null, partition.partition), h('td.number', null, count(partition.log_start_offset)),
        h('td.number', null, count(partition.log_end_offset)), h('td.number', null, count(partition.records)),
        h('td.number', null, partition.leader), h('td', null, `${partition.in_sync_replicas.length} / ${partition.replicas.length}`),
        h('td', null, partition.error ? `▲ ${partition.error}` : '–'))), t('Partitions')),
  ];
}

const settings = found => [table([t('Setting'), t('Value'), t('Origin')], found.map(setting => h('tr', null,
  h('td', null, setting.name), h('td.mono', null, setting.value === null ? '***' : cut(setting.value)),
  h('td', null, setting.is_default ? t('default') : t('set')))), t('Settings'))];
