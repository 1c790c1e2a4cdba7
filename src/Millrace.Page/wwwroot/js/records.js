// The records of a topic: the newest, or from a place on; older ones page by page; and a tail that keeps its place while it rests.
import { get } from './api.js';
import { h } from './dom.js';
import { bytes, instant } from './format.js';
import { t } from './i18n.js';
import { facts, findLink, value, valueFile } from './record.js';

/** Milliseconds between two looks of the tail. */
const EVERY = 1000;

/** Records that are kept on the page; the oldest go first while the tail runs. */
const MOST = 1000;

/** Characters of a value in its line. */
const LINE = 160;

/** Where the records begin that are shown. */
const PLACES = [['newest', 'the newest'], ['offset', 'an offset'], ['time', 'a time']];

export class Records {
  #topic; #context; #said; #list; #follow; #older; #fields;
  /** Where the page before ends and the page after begins, in the server's words. */
  #before = ''; #after = '';
  #isOpen = true; #isFollowing = false; #isAsking = false;
  /** Counts loads: an answer to the one before is late. */
  #load = 0;

  /** @param {string} topic @param {import('./views/all.js').Context} context */
  constructor(topic, context) {
    [this.#topic, this.#context] = [topic, context];
    const { stand, state } = context;
    const partitions = stand.streams.find(stream => stream.topic === topic)?.partitions ?? 1;
    const again = () => this.#start();
    this.#fields = {
      partition: h('input', {
        inputmode: 'numeric', pattern: '[0-9]*', size: 4, placeholder: t('all'), value: state.get('partition') ?? '', onchange: again,
        title: t('0 to {n}, or empty for all', { n: partitions - 1 }),
      }),
      from: h('select', { onchange: () => { this.#arrange(); this.#start(); } },
        PLACES.map(([from, words]) => h('option', { value: from, selected: from === state.get('from') }, t(words)))),
      offset: h('input', { inputmode: 'numeric', pattern: '[0-9]{1,19}', size: 12, value: state.get('offset') ?? '0', onchange: again }),
      time: h('input', { type: 'datetime-local', step: 1, value: state.get('time') ?? '', onchange: again }),
      filter: h('input', {
        type: 'search', size: 30, placeholder: t('text, or field=value'), value: state.get('filter') ?? '', onchange: again,
      }),
    };
    this.#said = h('p.sentence', { role: 'status' });
    this.#list = h('div.records', { role: 'list', 'aria-label': t('Records') });
    this.#follow = h('button', {
      type: 'button', 'aria-pressed': 'false', onclick: () => this.#setFollowing(!this.#isFollowing),
    }, t('Follow'));
    this.#older = h('button', { type: 'button', onclick: () => this.#read('before') }, t('Older'));
    this.element = h('section', { 'aria-label': t('Records') }, this.#controls(), this.#said, this.#list, h('div.bar', null, this.#older));
    this.#arrange();
    this.#start();
    this.timer = setInterval(() => this.#tick(), EVERY);
  }

  close() {
    this.#isOpen = false;
    clearInterval(this.timer);
  }

  #controls() {
    const { partition, from, offset, time, filter } = this.#fields;
    const label = (name, field) => h('label', null, `${name} `, field);
    return h('form.bar', { onsubmit: event => { event.preventDefault(); this.#start(); } },
      h('h2', null, t('Records')), label(t('Partition'), partition), label(t('From'), from), offset, time, label(t('Filter'), filter),
      h('button', { type: 'submit' }, t('Load')), this.#follow);
  }

  /** Shows the fields that the choice needs. */
  #arrange() {
    const { from, offset, time } = this.#fields;
    [offset.hidden, time.hidden] = [from.value !== 'offset', from.value !== 'time'];
    offset.setAttribute('aria-label', t('Offset'));
    time.setAttribute('aria-label', t('Time'));
  }

  /** What is asked for, besides the place. */
  #choice() {
    const { partition, filter } = this.#fields;
    return { topic: this.#topic, partition: partition.value || null, filter: filter.value || null };
  }

  async #start() {
    const { partition, from, offset, time, filter } = this.#fields;
    this.#context.state.note({
      partition: partition.value, from: from.value === 'newest' ? null : from.value, filter: filter.value,
      offset: from.value === 'offset' ? offset.value : null, time: from.value === 'time' ? time.value : null,
    });
    if (from.value === 'offset' && partition.value === '') { this.#say(t('An offset is one of a partition: name it.'), true); return; }
    if (from.value === 'time' && !time.value) return;
    this.#load++;
    [this.#before, this.#after, this.#isAsking] = ['', '', false];
    this.#list.replaceChildren();
    await this.#read(null, from.value === 'offset' ? { offset: offset.value }
      : from.value === 'time' ? { time: new Date(time.value).getTime() } : {});
  }

  /** @param {'before' | 'after' | null} side null: the first page. */
  async #read(side, place = {}) {
    if (this.#isAsking || !this.#isOpen) return;
    const load = this.#load;
    this.#isAsking = true;
    let isBehind = false;
    try {
      const asked = side === 'before' ? { before: this.#before } : side === 'after' ? { after: this.#after } : place;
      const page = await get('/api/topics/records', { ...this.#choice(), ...asked });
      if (load === this.#load && this.#isOpen) this.#add(side, page);
      isBehind = side === 'after' && !page.is_end;
    } catch (failure) {
      if (load === this.#load) this.#say(failure.message, true);
    } finally {
      if (load === this.#load) this.#isAsking = false;
    }
    // A tail that waited after each page would never get to the end of a busy topic.
    if (isBehind) this.#tick();
  }

  #add(side, page) {
    if (side !== 'after') [this.#before, this.#older.hidden] = [page.before, page.is_start];
    if (side !== 'before') this.#after = page.after;
    const lines = page.records.map(record => line(this.#topic, record, this.#context));
    if (side === 'after') this.#list.prepend(...lines);
    else this.#list.append(...lines);
    // The place of the page before is lost with what is taken away.
    while (side === 'after' && this.#list.childElementCount > MOST) { this.#list.lastElementChild.remove(); this.#older.hidden = true; }
    this.#say(t('{n} records here. {looked} were looked at just now{more}.', {
      n: this.#list.childElementCount, looked: page.looked,
      more: side === 'before' || page.is_end ? '' : t(', there are more after them: follow') }));
  }

  #setFollowing(isFollowing) {
    this.#isFollowing = isFollowing;
    this.#follow.setAttribute('aria-pressed', String(isFollowing));
    this.#follow.textContent = isFollowing ? t('Pause') : t('Follow');
    this.#tick();
  }

  #tick() {
    if (this.#isFollowing && this.#after && !document.hidden && !this.#context.feed.isPaused) this.#read('after');
  }

  #say(text, isBad = false) {
    this.#said.textContent = text;
    this.#said.className = isBad ? 'sentence bad' : 'sentence';
  }
}

/** A record as a line that opens. */
function line(topic, record, { state, stand }) {
  const place = { topic, partition: record.partition, offset: record.offset };
  const details = h('details', { role: 'listitem', ontoggle: () => {
    if (!details.open || details.childElementCount > 1) return;
    const isOfStream = stand.streams.some(stream => stream.topic === topic);
    details.append(h('div.body', null,
      facts([[t('Time'), instant(record.time)], [t('Key'), record.key], [t('Size'), bytes(record.value_bytes)],
        ...record.headers.map(header => [t('Header {name}', { name: header.name }), header.value])]),
      value(record.value, valueFile(topic, record.partition, record.offset)),
      record.is_cut ? h('p.sentence', null, t('These are its first 16 KiB.')) : '',
      isOfStream ? findLink(state, place, t('What became of it')) : ''));
  } }, h('summary', null,
    h('time', null, instant(record.time)), h('b', null, `${record.partition} / ${record.offset}`),
    h('span.key', null, record.key === null ? '–' : shorten(record.key, 40)),
    h('code', null, record.value === null ? t('No value: a tombstone.') : shorten(record.value, LINE))));
  return details;
}

const shorten = (text, longest) => text.length > longest ? `${text.slice(0, longest)}…` : text;
