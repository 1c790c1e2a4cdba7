// The stand's tables: rows, parts, bytes, merges, and the newest rows of one.
import { get } from '../api.js';
import { h, replace } from '../dom.js';
import { bytes, count, decimal, duration, instant, rate } from '../format.js';
import { t } from '../i18n.js';
import { poll } from '../poll.js';
import { cellText, cut, findLink, table } from '../record.js';

/** Milliseconds between two looks. */
const EVERY = 2000;

/** Parts of one partition from which on ClickHouse makes inserts wait (parts_to_delay_insert). */
const MANY_PARTS = 1000;

/** @type {import('./all.js').View} */
export default {
  path: '/tables', key: null, title: 'Tables',
  mount(root, context) {
    const { feed, state } = context;
    const said = h('p.sentence', { role: 'status' }, t('Looking …'));
    const list = h('section', { 'aria-label': t('Tables') });
    const rows = h('section', { 'aria-label': t('Newest rows'), 'aria-live': 'off' });
    root.append(said, list, rows);
    let isOpen = true;

    function choose(name) {
      state.note({ table: name });
      looks.now();
      show();
    }

    async function show() {
      const name = state.get('table');
      if (!name) return;
      try {
        const found = await get('/api/tables/rows', { table: name });
        if (isOpen) rows.replaceChildren(...newest(name, found, state, () => show()));
      } catch (failure) {
        rows.replaceChildren(h('p.sentence.bad', { role: 'alert' }, failure.message));
      }
    }

    const looks = poll(feed, EVERY, said, signal => get('/api/tables', {}, signal), tables => {
      said.textContent = '';
      replace(list, ...draw(tables, context, choose));
    });
    show();
    return { close() { isOpen = false; looks.close(); } };
  },
};

function draw(tables, { feed, state }, choose) {
  const flows = new Map((feed.status.document?.flow?.streams ?? []).map(stream => [stream.target_table, stream]));
  const merges = tables.flatMap(one => one.merges.map(merge => ({ ...merge, table: one.name })));
  return [
    table(
      [t('Table'), `${t('Rows')}>`, `${t('Inserted')}>`, `${t('Parts')}>`, `${t('On disk')}>`, `${t('Compressed')}>`, t('Newest part'),
        `${t('Merges')}>`],
      tables.map(one => h('tr', null,
        h('td', null, h('button.pick', {
          type: 'button', 'aria-pressed': String(state.get('table') === one.name), onclick: () => choose(one.name),
        }, one.name)),
        h('td.number', null, count(one.rows)),
        h('td.number', null, flows.has(one.name) ? `${rate(flows.get(one.name).rows_per_second)}/s` : '–'),
        h(`td.number${one.parts >= MANY_PARTS ? '.bad' : ''}`, null, `${one.parts >= MANY_PARTS ? '▲ ' : ''}${count(one.parts)}`),
        h('td.number', null, bytes(one.bytes_on_disk)),
        h('td.number', null, one.compression_ratio === null ? '–' : `${decimal(one.compression_ratio, 1)} : 1`),
        h('td.time', null, instant(one.newest)), h('td.number', null, one.merges.length))), t('Tables')),
    h('h3', null, t('Running merges')),
    merges.length === 0 ? h('p.sentence', null, t('None at this moment.'))
      : table([t('Table'), t('Kind'), `${t('Parts')}>`, `${t('Size')}>`, `${t('For')}>`, t('Progress')], merges.map(merge => h('tr', null,
        h('td', null, merge.table), h('td', null, merge.is_mutation ? t('mutation') : t('merge')), h('td.number', null, count(merge.parts)),
        h('td.number', null, bytes(merge.bytes)), h('td.number', null, duration(merge.seconds)),
        h('td', null, h('progress', { max: 1, value: merge.progress, 'aria-label': t('Progress') }),
          ` ${decimal(merge.progress * 100, 0)} %`))),
      t('Running merges')),
  ];
}

/** @param {string} name @param {Record<string, unknown>[]} found */
function newest(name, found, state, again) {
  const columns = Object.keys(found[0] ?? {});
  return [
    h('div.bar', null, h('h2', null, t('Newest rows of {table}', { table: name })),
      h('button', { type: 'button', onclick: again }, t('Look again'))),
    found.length === 0 ? h('p.sentence', null, t('No rows.')) : table([t('Record'), ...columns], found.map(row => h('tr', null,
      h('td', null, findLink(state, placeOf(row), t('What became of it'))),
      columns.map(column => h('td.mono', null, cut(cellText(row[column]), 80))))), t('Newest rows')),
  ];
}

const placeOf = row => ({ topic: row.kafka_topic, partition: row.kafka_partition, offset: row.kafka_offset });
