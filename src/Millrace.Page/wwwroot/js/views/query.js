// Ask the tables: an editor, its history, and the result as a table or a chart. A link holds the query, and never runs it by itself.
import { completion } from '../completion.js';
import { h } from '../dom.js';
import { bytes, count, decimal } from '../format.js';
import { remember, remembered } from '../history.js';
import { t } from '../i18n.js';
import { presets } from '../presets.js';
import { MOST_ROWS, download, newId, placeOf, progress, run } from '../query.js';
import { queryResult } from '../query-result.js';

const PROGRESS = 500;

/** @type {import('./all.js').View} */
export default {
  path: '/query', key: 'q', title: 'Query',
  mount(root, { stand, state, drawer }) {
    /** @type {AbortController | null} */ let running = null;
    const editor = /** @type {HTMLTextAreaElement} */ (h('textarea.sql', {
      rows: 9, spellcheck: 'false', autocomplete: 'off', 'aria-label': t('Query'),
      value: state.get('sql') ?? presets(stand)[0]?.[1] ?? 'SELECT 1',
      onchange: () => state.note({ sql: editor.value }),
    }));
    const runButton = h('button.go', { type: 'button', title: 'Ctrl-Enter', onclick: start }, t('Run'));
    const cancel = h('button', { type: 'button', hidden: true, onclick: () => running?.abort() }, t('Cancel'));
    const said = h('p.sentence', { role: 'status' });
    const mark = h('pre.where', { hidden: true });
    const result = queryResult({ state, drawer, save });
    const history = h('select', { 'aria-label': t('History'), onchange: () => { take(history.value); history.selectedIndex = 0; } });
    const examples = h('select', { 'aria-label': t('Examples'), onchange: () => { take(examples.value); examples.selectedIndex = 0; } },
      h('option', { value: '' }, t('Examples')), presets(stand).map(([title, sql]) => h('option', { value: sql }, title)));
    root.append(
      h('div.editor', null, editor, completion(editor, words)),
      h('div.bar', null, runButton, cancel, examples, history),
      said, mark, ...result.elements);
    editor.addEventListener('keydown', press);
    showHistory();
    if (state.get('sql')) said.textContent = t('This query came with the link. It runs when you press Run.');

    function press(/** @type {KeyboardEvent} */ event) {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      start();
    }

    function take(/** @type {string} */ sql) {
      if (!sql) return;
      editor.value = sql;
      state.note({ sql });
      editor.focus();
    }

    function showHistory() {
      history.replaceChildren(h('option', { value: '' }, t('History')),
        ...remembered().map(sql => h('option', { value: sql }, sql.replace(/\s+/g, ' ').slice(0, 80))));
    }

    async function start() {
      running?.abort();
      const own = running = new AbortController();
      const sql = editor.value;
      const id = newId();
      state.note({ sql });
      remember(sql);
      showHistory();
      busy(true);
      const watch = setInterval(() => progress(id, own.signal).then(now => now && running === own && tell(now), () => {}), PROGRESS);
      try {
        const answer = await run(sql, own.signal, id);
        if (running !== own) return;
        said.textContent = typeof answer === 'string' ? '' : summary(answer);
        result.show(answer);
      } catch (failure) {
        if (running === own) fail(sql, failure, own.signal.aborted);
      } finally {
        clearInterval(watch);
        if (running === own) { running = null; busy(false); }
      }
    }

    function busy(/** @type {boolean} */ isBusy) {
      cancel.hidden = !isBusy;
      if (!isBusy) return;
      mark.hidden = true;
      said.className = 'sentence';
      said.textContent = t('Running …');
    }

    function tell(/** @type {any} */ now) {
      const read = { seconds: decimal(now.seconds, 1), rows: count(now.read_rows), bytes: bytes(now.read_bytes) };
      said.textContent = t('{seconds} s · {rows} rows, {bytes} read', read)
        + (now.total_rows > 0 ? ` · ${decimal(Math.min(100, 100 * Number(now.read_rows) / Number(now.total_rows)), 0)} %` : '')
        + ` · ${t('memory {bytes}', { bytes: bytes(now.memory_bytes) })}`;
    }

    function fail(sql, failure, isCancelled) {
      said.className = isCancelled ? 'sentence' : 'sentence bad';
      said.textContent = isCancelled ? t('Cancelled.') : failure.message;
      const found = isCancelled ? null : placeOf(sql, failure.message);
      mark.hidden = !found;
      if (!found) return;
      mark.textContent = pointAt(sql, found.from);
      if (editor.value === sql) { editor.focus(); editor.setSelectionRange(found.from, found.to); }
    }

    async function save(/** @type {string} */ format) {
      try {
        await download(editor.value, format);
      } catch (failure) {
        fail(editor.value, failure, false);
      }
    }

    return { close() { running?.abort(); result.close(); } };
  },
};

/** @param {import('../query.js').Table} table */
function summary({ rows, statistics }) {
  const read = t('{rows} rows in {seconds} s · read {read} rows, {bytes}', {
    rows: count(rows), seconds: decimal(statistics.elapsed, 3), read: count(statistics.rows_read), bytes: bytes(statistics.bytes_read),
  });
  return rows >= MOST_ROWS ? `${read} · ${t('the result is cut here: the page shows no more rows')}` : read;
}

/** The line with the place, and a sign under it. @param {string} sql @param {number} from */
function pointAt(sql, from) {
  const start = sql.lastIndexOf('\n', from - 1) + 1;
  const end = sql.indexOf('\n', from);
  return `${sql.slice(start, end < 0 ? undefined : end)}\n${' '.repeat(from - start)}▲`;
}

/** What can be completed: columns and tables of the stand, ClickHouse's functions. */
async function words() {
  const [columns, functions] = await Promise.all([
    run('SELECT table, name, type FROM system.columns WHERE database = currentDatabase() ORDER BY table, position'),
    run('SELECT name FROM system.functions ORDER BY name'),
  ]);
  if (typeof columns === 'string' || typeof functions === 'string') return [];
  const tables = [...new Set(columns.data.map(([table]) => table))];
  const types = new Map(columns.data.map(([, name, type]) => [name, type]));
  return [
    ...[...types].map(([text, hint]) => ({ text, hint })),
    ...tables.map(text => ({ text, hint: t('table') })),
    ...functions.data.map(([text]) => ({ text, hint: '()' })),
  ];
}
