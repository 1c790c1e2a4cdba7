// One record: itself, the verdict of each column, and where it is. By its place, or by the value of a column.
import { get } from '../api.js';
import { h } from '../dom.js';
import { count, bytes, instant } from '../format.js';
import { t } from '../i18n.js';
import { cellText, cut, facts, findLink, table, value, valueFile } from '../record.js';

/** The words of a verdict, and whether it is as it should be. */
const VERDICTS = {
  row: ['a row', true], dead_letter: ['a dead letter', true], tombstone: ['a tombstone', true], no_record: ['no record', true],
  not_read_yet: ['not read yet', true], not_there_yet: ['not there yet', true], gone: ['gone by retention', false],
  missing: ['missing', false], stored_twice: ['stored twice', false], other_record: ['another record', false], offline: ['offline', false],
};

const INVITATION = 'Name a place in a topic, or a value: the record, what became of each field, and where it is now.';

/** @type {import('./all.js').View} */
export default {
  path: '/find', key: 'r', title: 'Find a record',
  mount(root, { stand, state }) {
    const abort = new AbortController();
    const result = h('section', { 'aria-live': 'polite', 'aria-label': t('Result') });
    root.append(h('div.finders', null, placeForm(stand, state), valueForm(stand, state)), result);
    if (state.get('offset') !== null) show(result, () => explain(state, abort.signal));
    else if (state.get('value') !== null) show(result, () => search(state, abort.signal));
    else result.append(h('p.sentence', null, t(INVITATION)));
    return { close: () => abort.abort() };
  },
};

/** @param {HTMLElement} result @param {() => Promise<(Node | null)[]>} work */
async function show(result, work) {
  result.replaceChildren(h('p.sentence', { role: 'status' }, t('Looking …')));
  try {
    result.replaceChildren(...(await work()).filter(Boolean));
  } catch (failure) {
    if (failure.name !== 'AbortError') result.replaceChildren(h('p.sentence.bad', { role: 'alert' }, failure.message));
  }
}

function placeForm(stand, state) {
  const topic = select('topic', stand.streams.map(stream => stream.topic), state.get('topic'));
  const partition = number('partition', state.get('partition') ?? '0');
  const offset = number('offset', state.get('offset'));
  return form(t('By its place'), () => state.go('/find', { topic: topic.value, partition: partition.value, offset: offset.value }),
    labelled(t('Topic'), topic), labelled(t('Partition'), partition), labelled(t('Offset'), offset));
}

function valueForm(stand, state) {
  const stream = select('stream', stand.streams.map(one => one.name), state.get('stream'));
  const column = h('select', { name: 'column' });
  const fill = chosen => {
    const columns = stand.streams.find(one => one.name === stream.value).columns;
    column.replaceChildren(...columns.map(({ name }) => h('option', { value: name, selected: name === chosen }, name)));
  };
  stream.onchange = () => fill(column.value);
  fill(state.get('column'));
  const wanted = h('input', { type: 'search', name: 'value', required: true, value: state.get('value') ?? '', size: 38 });
  return form(t('By the value of a column'), () => state.go('/find', { stream: stream.value, column: column.value, value: wanted.value }),
    labelled(t('Stream'), stream), labelled(t('Column'), column), labelled(t('Value'), wanted));
}

const form = (title, submit, ...fields) => h('form.card.finder', {
  'aria-label': title, onsubmit: event => { event.preventDefault(); submit(); },
}, h('h2', null, title), h('div.bar', null, fields, h('button', { type: 'submit' }, t('Find'))));

const labelled = (name, field) => h('label', null, `${name} `, field);

const select = (name, options, chosen) => h('select', { name },
  options.map(one => h('option', { value: one, selected: one === chosen }, one)));

/** Offsets are 64 bits: a number field of the browser would round them. */
const number = (name, text) =>
  h('input', { name, inputmode: 'numeric', pattern: '[0-9]{1,19}', required: true, size: 14, value: text ?? '' });

async function explain(state, signal) {
  const place = { topic: state.get('topic'), partition: state.get('partition'), offset: state.get('offset') };
  const found = await get('/api/find', place, signal);
  return [
    verdict(found),
    facts([[t('Topic'), found.topic], [t('Partition'), found.partition], [t('Offset'), String(found.offset)], [t('Stream'), found.stream],
      [t('Log start'), count(found.log_start_offset)], [t('Log end'), count(found.log_end_offset)],
      [t('Committed'), count(found.committed_offset)]]),
    steps(state, found),
    found.record && record(found),
    found.columns.length > 0 ? columns(found) : null,
    ...found.rows.map(row => stored(t('Row of {table}', { table: tableOf(found) ?? '' }), row)),
    ...found.dead_letters.map(letter => stored(t('Dead letter'), letter)),
  ];
}

const tableOf = found => /row of (\w+)/.exec(found.sentence)?.[1];

function verdict({ verdict, sentence }) {
  const [words, isWell] = VERDICTS[verdict] ?? [verdict, false];
  const isLetter = verdict === 'dead_letter';
  return h(`p.verdict.${!isWell ? 'bad' : isLetter ? 'warn' : 'well'}`, null,
    h('b', null, `${!isWell || isLetter ? '▲' : '●'} ${t(words)}`), ' ', h('span', null, sentence));
}

/** The records beside it. */
function steps(state, { topic, partition, offset }) {
  const at = BigInt(offset);
  return h('p.bar', null, at > 0n && findLink(state, { topic, partition, offset: at - 1n }, t('← the one before')),
    findLink(state, { topic, partition, offset: at + 1n }, t('the next one →')));
}

function record({ topic, partition, offset, record }) {
  return h('section.card', { 'aria-label': t('Record') },
    h('h2', null, t('Record')),
    facts([[t('Time'), instant(record.time)], [t('Key'), cut(record.key)],
      ...record.headers.map(header => [t('Header {name}', { name: header.name }), cut(header.value)]),
      [t('Size'), bytes(record.value_bytes)]]),
    value(record.value, valueFile(topic, partition, offset)));
}

function columns({ columns }) {
  return h('section', null, h('h3', null, t('Columns')),
    table([t('Column'), t('Type'), t('In the record'), t('In the table'), t('Verdict')], columns.map(column =>
      h(`tr${column.error ? '.bad' : ''}`, null,
        h('th', { scope: 'row' }, column.column), h('td.mono', null, column.type), h('td.mono', null, cut(column.field)),
        h('td.mono', null, column.value === null ? 'NULL' : cut(column.value)),
        h('td', null, column.error ? `✕ ${t(column.error)}` : `✓ ${t('well')}`))), t('Columns')));
}

/** What a table holds, by its columns. @param {string} title @param {Record<string, unknown>} row */
function stored(title, row) {
  const pairs = Object.entries(row).filter(([name]) => name !== 'kafka_timestamp_ms');
  return h('details.card', { open: true }, h('summary', null, h('b', null, title)),
    facts(pairs.map(([name, value]) => [name, cellText(value)])));
}

async function search(state, signal) {
  const hits = await get('/api/find/hits', { stream: state.get('stream'), column: state.get('column'), value: state.get('value') }, signal);
  if (hits.length === 0) return [h('p.sentence', null, t('No row and no dead letter has it.'))];
  return [
    h('p.sentence', null, t('{n} found, at most 20 of each kind.', { n: hits.length })),
    table([t('Record'), t('Kind'), t('Time')], hits.map(hit => h('tr', null,
      h('td', null, findLink(state, hit)), h('td', null, hit.kind === 'row' ? t('a row') : `▲ ${t('a dead letter')}`),
      h('td', null, hit.time))), t('Found')),
  ];
}
