// Dead letters: by stream, failed column and reason, how many a minute, and the newest of a kind with what is wrong in them marked.
import { get } from '../api.js';
import { h, replace, s } from '../dom.js';
import { ago, bytes, clock, count, decimal, instant } from '../format.js';
import { t } from '../i18n.js';
import { poll } from '../poll.js';
import { copyButton, cut, facts, findLink, table, valueFile, viewLink } from '../record.js';

/** Milliseconds between two looks. */
const EVERY = 10_000;

/** Minutes that are drawn. */
const MINUTES = 60;

/** @type {import('./all.js').View} */
export default {
  path: '/dead-letters', key: 'd', title: 'Dead letters',
  mount(root, context) {
    const { feed, state } = context;
    const said = h('p.sentence', { role: 'status' }, t('Looking …'));
    const summary = h('section', { 'aria-label': t('Dead letters') });
    const samples = h('section', { 'aria-label': t('Samples'), 'aria-live': 'polite' });
    root.append(said, summary, samples);
    let isOpen = true;

    /** The streams that have any, most first. @type {object[]} */
    let found = [];

    /** One stream stands alone with its newest; without a choice all do, under an overview. */
    function draw() {
      const chosen = found.filter(stream => stream.stream === state.get('stream'));
      const all = chosen.length > 0 && found.length > 1
        && h('div.bar', null, viewLink(state, '/dead-letters', {}, t('← All dead letters')));
      replace(summary, all, chosen.length === 0 && found.length > 1 && overview(found, state),
        ...(chosen.length > 0 ? chosen : found).map(stream => streamCard(stream, choose, state)));
    }

    /** @param {{ stream: string, column?: string, reason?: string }} chosen */
    function choose({ stream, column, reason }) {
      state.note({ stream, column: column ?? null, reason: reason ?? null });
      draw();
      looks.now();
      show();
    }

    async function show() {
      const [stream, column, reason] = ['stream', 'column', 'reason'].map(name => state.get(name));
      if (!stream) return;
      try {
        const letters = await get('/api/dead-letters/samples', { stream, column, reason });
        if (!isOpen) return;
        samples.replaceChildren(
          h('h2', null, t('The newest of {stream}', { stream: [stream, column, reason].filter(Boolean).join(' · ') })),
          ...letters.map(letter => sample(letter, state)));
      } catch (failure) {
        samples.replaceChildren(h('p.sentence.bad', { role: 'alert' }, failure.message));
      }
    }

    const looks = poll(feed, EVERY, said, signal => get('/api/dead-letters', {}, signal), ({ streams }) => {
      found = streams.filter(stream => stream.total > 0).sort((a, b) => Number(b.total) - Number(a.total) || byName(a, b));
      said.textContent = found.length > 0 ? '' : t('No dead letters: every record became a row, or will.');
      draw();
    });
    show();
    return { close() { isOpen = false; looks.close(); } };
  },
};

const byName = (a, b) => a.stream.localeCompare(b.stream, 'en', { numeric: true });

/** How many each topic has, and mostly why; the way to each. */
function overview(streams, state) {
  const all = streams.reduce((sum, stream) => sum + Number(stream.total), 0);
  const heads = [t('Topic'), `${t('Dead letters')}>`, t('Commonest reason'), `${t('Share')}><`, t('Last')];
  return h('section', { 'aria-label': t('By topic') },
    h('p.bad', null, `▲ ${t('{n} dead letters of {topics} topics', { n: count(all), topics: count(streams.length) })}`),
    table(heads, streams.map(stream => h('tr', null,
      h('td', null, viewLink(state, '/dead-letters', { stream: stream.stream }, stream.topic)),
      h('td.number', null, count(stream.total)),
      h('td.reason', null, cut(stream.kinds[0]?.reason ?? '–', 120), others(stream)),
      h('td.number.wide', null, `${decimal(100 * Number(stream.total) / all, 1)} %`), last(stream))), t('By topic')));
}

const others = stream => stream.kinds.length > 1 && h('span.none', null, ` ${t('and {n} more', { n: count(stream.kinds.length - 1) })}`);

function last(stream) {
  const newest = stream.kinds.map(kind => kind.last).sort().at(-1);
  return h('td.time', { title: instant(newest) }, ago(newest));
}

function streamCard(stream, choose, state) {
  const isChosen = state.get('stream') === stream.stream;
  return h(`section.card${isChosen ? '.chosen' : ''}`, { 'aria-label': stream.stream },
    h('div.bar', null, h('h2', null, stream.stream), h('b.bad', null, `▲ ${t('{n} dead letters', { n: count(stream.total) })}`),
      h('button', { type: 'button', onclick: () => choose({ stream: stream.stream }) }, t('The newest'))),
    stream.counted < stream.total
      && h('p.sentence', null, t('There are many: {n} of them were looked at for what follows.', { n: count(stream.counted) })),
    minutes(stream.minutes),
    h('div.kinds', null, byColumn(stream, choose, state), byReason(stream, choose, state)));
}

/** A bar for each minute of the last hour. @param {{ minute: number, letters: number }[]} minutes */
function minutes(minutes) {
  const now = Math.floor(Date.now() / 60_000) * 60;
  const most = Math.max(1, ...minutes.map(one => one.letters));
  const sum = minutes.reduce((all, one) => all + one.letters, 0);
  return h('div', null,
    h('p.sentence', null, t('In the last hour {n}, at most {most} a minute:', { n: count(sum), most: count(sum > 0 ? most : 0) })),
    s('svg.minutes', {
      viewBox: `0 0 ${MINUTES * 10} 40`, preserveAspectRatio: 'none', role: 'img', 'aria-label': t('Dead letters a minute'),
    },
      minutes.map(({ minute, letters }) => {
        const height = Math.max(1.5, 38 * letters / most);
        const x = (MINUTES - 1 - (now - minute) / 60) * 10;
        return s('rect', { x: x + 1, y: 40 - height, width: 8, height }, s('title', null, `${clock(minute * 1000)}: ${count(letters)}`));
      })));
}

function byColumn(stream, choose, state) {
  const columns = new Map();
  for (const kind of stream.kinds)
    for (const column of kind.columns) columns.set(column, (columns.get(column) ?? 0) + kind.letters);
  const rows = [...columns].sort((a, b) => b[1] - a[1]).map(([column, letters]) => h('tr', null,
    h('td', null, pick(column, state.get('stream') === stream.stream && state.get('column') === column,
      () => choose({ stream: stream.stream, column }))),
    h('td.number', null, count(letters))));
  return rows.length > 0 ? table([t('Failed column'), `${t('Dead letters')}>`], rows, t('By failed column')) : null;
}

function byReason(stream, choose, state) {
  const heads = [t('Reason'), `${t('Failed columns')}<`, `${t('Dead letters')}>`, `${t('Share')}>`, t('Last')];
  return table(heads, stream.kinds.map(kind => h('tr', null,
    h('td.reason', null, pick(kind.reason, state.get('stream') === stream.stream && state.get('reason') === kind.reason,
      () => choose({ stream: stream.stream, reason: kind.reason }))),
    h('td.wide', null, kind.columns.length > 0 ? cut(kind.columns.join(', '), 60) : '–'), h('td.number', null, count(kind.letters)),
    h('td.number', null, `${decimal(100 * kind.letters / stream.counted, 1)} %`),
    h('td.time', { title: instant(kind.last) }, ago(kind.last)))),
    t('By reason'));
}

const pick = (text, isPressed, onclick) => h('button.pick', { type: 'button', 'aria-pressed': String(isPressed), onclick }, text);

function sample(letter, state) {
  const text = letter.pieces.map(piece => piece.text).join('');
  const isCut = letter.hex.length > 0 && letter.bytes > 16 * 1024;
  return h('article.card', null,
    h('div.bar', null, findLink(state, letter), h('span', null, instant(letter.time)), h('span', null, bytes(letter.bytes))),
    h('p.bad', null, '▲ ', cut(letter.reason)),
    facts([[t('Key'), letter.key || null], [t('Failed columns'), letter.failed_columns.join(', ') || '–'],
      [t('Inserted'), instant(letter.inserted)]]),
    h('pre', { tabindex: 0 }, letter.pieces.map(piece => piece.is_marked
      ? h('mark', { title: t('This is what is wrong') }, cut(piece.text, 1000))
      : cut(piece.text, 1000))),
    isCut && h('p.sentence', null, t('These are its first 16 KiB.')),
    h('details', null, h('summary', null, t('Bytes')), h('pre.hex', { tabindex: 0 }, letter.hex)),
    h('div.bar', null, copyButton(text),
      h('a', { href: valueFile(letter.topic, letter.partition, letter.offset), download: '' }, t('Save the whole value'))));
}
