// The flow: emitter, topics, consumer group, tables, dead letters, a row for each stream; and the timeline under it.
import { rateAction } from '../actions.js';
import { facts, h, replace } from '../dom.js';
import { command } from '../drawer.js';
import { Order } from '../flow-order.js';
import { restRow, streamRow, word } from '../flow-row.js';
import { count, duration, rate } from '../format.js';
import { t } from '../i18n.js';
import { Reasons } from '../reasons.js';
import { timeline } from '../timeline.js';
import { ofStream } from '../trouble.js';

/** With more streams than that, rows are narrow and can be searched, and those that are well beyond that number are one row. */
const MANY = 8;

/** @type {import('./all.js').View} */
export default {
  path: '/', key: 'f', title: 'Flow',
  mount(root, context) {
    const { feed, stand, state } = context;
    const isMany = stand.streams.length > MANY;
    const grid = h(`section.flow${isMany ? '.many' : ''}`, { 'aria-label': t('Flow') });
    const search = isMany && h('input', {
      type: 'search', 'aria-label': t('Search'), placeholder: t('Search streams'), value: state.get('search') ?? '',
      oninput: () => { state.note({ search: search.value }); draw(feed.status); },
    });
    const plots = timeline(context);
    const reasons = new Reasons();
    const order = new Order();
    let isUnfolded = state.get('streams') === 'all';
    root.append(...[search, grid, plots.element].filter(Boolean));

    function turn() {
      isUnfolded = !isUnfolded;
      state.note({ streams: isUnfolded ? 'all' : null });
      draw(feed.status);
    }

    /** @param {import('../feed.js').Status} status */
    function draw({ document }) {
      const flows = new Map((document?.flow?.streams ?? []).map(stream => [stream.stream, stream]));
      reasons.look([...flows.values()]);
      const streams = stand.streams.map(stream => ({ stream, flow: flows.get(stream.name) }));
      const most = Math.max(1, ...streams.map(({ flow }) => Math.max(flow?.produced_per_second ?? 0, flow?.rows_per_second ?? 0)));
      const areServersThere = document?.flow && !document.flow.kafka_trouble && !document.flow.clickhouse_trouble;
      const rows = made(streams, areServersThere);
      const drawn = rows.map((make, i) => make({ row: 2 * i + 2, most }));
      const ends = h('div.ends', null, emitter(document, context, rows.length), group(document, context, rows.length));
      replace(grid, ...heads(), ends, ...drawn);
    }

    /** A function for each row, which makes it at its place. */
    function made(streams, areServersThere) {
      const one = shown => place => streamRow(
        shown, { ...place, isLate: order.isLate(shown.stream.name), reason: reasons.of(shown.stream.name) }, context);
      const { first, rest, isMore, areWell } = order.split(streams, areServersThere, isMany ? MANY - 1 : streams.length);
      const wanted = search ? search.value.trim().toLowerCase() : '';
      if (wanted !== '') return [...first, ...rest].filter(({ stream }) => isNamed(stream, wanted)).map(one);
      if (rest.length === 0) return first.map(one);
      const label = !areWell ? t('{n} more streams', { n: count(rest.length) })
        : isMore ? t('{n} more streams are well', { n: count(rest.length) }) : t('{n} streams are well', { n: count(rest.length) });
      return [...first.map(one), place => restRow(rest, { ...place, label, isUnfolded }, turn), ...(isUnfolded ? rest.map(one) : [])];
    }

    const forget = feed.watch(draw);
    return { close() { forget(); plots.close(); } };
  },
};

const isNamed = (stream, wanted) => [stream.name, stream.topic, stream.target_table].some(name => name.toLowerCase().includes(wanted));

const heads = () => ['Emitter', 'Topics', 'Consumer group', 'Tables', 'Dead letters'].map((title, i) => h(`h2.head.c${i}`, null, t(title)));

function emitter(document, { drawer, stand }, span) {
  const emitter = document?.emitter;
  const text = emitter
    ? [h('b.large', null, `${rate(emitter.acknowledged_per_second)}/s`), h('span', null, t('acknowledged')),
      h('span', null, t('{n} in flight', { n: count(emitter.in_flight) })),
      emitter.failed > 0 && h('span.bad', null, t('{n} failed', { n: count(emitter.failed) })),
      emitter.is_waiting && h('span.bad', null, t('waits for Kafka'))]
    : [h('span', null, t('No emitter of this stand'))];
  return h('button.node.c0.span', {
    type: 'button', style: { gridRow: `2 / span ${Math.max(1, 2 * span)}` },
    onclick: () => drawer.open(t('Emitter'), [
      facts([[t('Wanted'), emitter?.target_per_second === 0 && !emitter.rate_profile
        ? t('as many as Kafka takes') : `${count(emitter?.target_per_second)}/s`],
        ...(emitter?.rate_profile ? [[t('By the profile'), emitter.rate_profile]] : []),
        [t('Made'), `${rate(emitter?.generated_per_second)}/s`], [t('Acknowledged'), count(emitter?.acknowledged)],
        [t('In flight'), count(emitter?.in_flight)], [t('Failed'), count(emitter?.failed)],
        ...(emitter?.malformed > 0 ? [[t('Malformed on purpose'), count(emitter.malformed)]] : []),
        [t('Last error'), emitter?.last_error ?? '–']]),
      ...(emitter && stand.is_kept ? [rateAction(emitter.target_per_second)] : []),
      command(`${stand.command} logs emitter`),
    ]),
  }, word('Emitter'), text);
}

function group(document, { drawer, stand }, span) {
  const streams = document?.flow?.streams ?? [];
  // What waits because somebody paused it does not make the rest late.
  const read = streams.filter(stream => !stream.paused);
  const isKnown = streams.length > 0 && read.every(stream => stream.lag !== null);
  const lag = isKnown ? read.reduce((sum, stream) => sum + Number(stream.lag), 0) : null;
  const seconds = read.reduce((most, stream) => Math.max(most, stream.lag_seconds ?? 0), 0);
  return h('button.node.c2.span', {
    type: 'button', style: { gridRow: `2 / span ${Math.max(1, 2 * span)}` },
    onclick: () => drawer.open(stand.group, [
      ...streams.flatMap(ofStream).map(sentence => h('p.sentence.bad', null, sentence)),
      facts(streams.map(stream => [stream.topic, `${t('lag')} ${count(stream.lag)} · ${duration(stream.lag_seconds)}`])),
      command(`${stand.command} groups`),
      command(`kcat -b ${stand.kafka} -L`),
    ]),
  }, word('Consumer group'), h('b.name', { title: stand.group }, breakable(stand.group)),
    h('span', null, t('lag')), h('b.large', null, duration(isKnown ? seconds : null)),
    h('span', null, t('{n} records', { n: count(lag) })));
}

/** A name that breaks after an underscore rather than within a word. @param {string} name */
const breakable = name => name.split(/(?<=_)/).flatMap(part => [part, h('wbr')]);
