// The audit: is every record that was read stored exactly once? Runs when somebody asks.
import { post } from '../api.js';
import { h } from '../dom.js';
import { command } from '../drawer.js';
import { clock, count } from '../format.js';
import { t } from '../i18n.js';

const COLUMNS = [['Records', 'records'], ['Read', 'committed_offset'], ['Lag', 'lag'], ['Rows', 'rows'], ['Dead letters', 'dead_letters'],
  ['Without a value', 'tombstones'], ['Gone', 'gone'], ['Missing', 'missing'], ['Twice', 'stored_twice']];

/** @type {import('./all.js').View} */
export default {
  path: '/audit', key: 'a', title: 'Audit',
  mount(root, { stand }) {
    const gone = new AbortController();
    const said = h('p.sentence', { role: 'status' });
    const place = h('section', { 'aria-label': t('Result') });
    const button = h('button.go', { type: 'button', onclick: run }, t('Run the audit'));
    root.append(
      h('p.sentence', null, t('Compares every topic with its tables while the stand runs: is a record missing, is one stored twice?')),
      h('div.bar', null, button), said, place, h('h3', null, t('The same elsewhere')), command(`${stand.command} audit`));

    async function run() {
      button.setAttribute('disabled', '');
      said.className = 'sentence';
      said.textContent = t('At work …');
      try {
        const report = await post('/api/audit', {}, gone.signal);
        said.className = `sentence ${report.has_trouble ? 'bad' : 'good'}`;
        const verdict = report.has_trouble ? t('▲ Something is wrong.') : t('● Nothing is missing, nothing is stored twice.');
        said.textContent = `${verdict} (${clock(new Date())})`;
        place.replaceChildren(...report.sentences.map(sentence => h('p.bad', null, sentence)),
          ...report.paused.map(stream =>
            h('p.sentence', null, `‖ ${t('{stream} is paused: its records wait until it is resumed.', { stream })}`)),
          table(report.partitions));
      } catch (failure) {
        if (gone.signal.aborted) return;
        said.className = 'sentence bad';
        said.textContent = failure.message;
      } finally {
        button.removeAttribute('disabled');
      }
    }

    return { close() { gone.abort(); } };
  },
};

/** @param {any[]} partitions */
function table(partitions) {
  return h('div.scroll', null, h('table.data', null,
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('Topic')), h('th.number', { scope: 'col' }, t('Partition')),
      COLUMNS.map(([title]) => h('th.number', { scope: 'col' }, t(title))), h('th', { scope: 'col' }, t('Missing offsets')))),
    h('tbody', null, partitions.map(row))));
}

function row(partition) {
  return h(`tr${partition.has_trouble ? '.bad' : ''}`, null,
    h('td', null, `${partition.has_trouble ? '▲ ' : ''}${partition.topic}`), h('td.number', null, String(partition.partition)),
    COLUMNS.map(([, name]) => h('td.number', null, count(partition[name]))),
    h('td', null, partition.error ?? partition.missing_ranges.join(', ')));
}
