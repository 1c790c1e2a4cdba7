// What was: plots over one time axis, and what happened in words.
import { h, replace } from './dom.js';
import { clock } from './format.js';
import { t } from './i18n.js';
import { add, nothing } from './past.js';
import { plots } from './plots.js';

const MINUTES = [5, 15, 60];

/** Between two questions for the past, in milliseconds. */
const RELOAD = 1000;

/** How many of the last marks are told in words. */
const TOLD = 8;

/** @param {import('./views/all.js').Context} context */
export function timeline({ feed, state }) {
  let minutes = Number(state.get('minutes')) || MINUTES[0];
  const buttons = MINUTES.map(length => h('button', {
    type: 'button', 'aria-pressed': String(length === minutes),
    onclick: () => {
      minutes = length;
      state.note({ minutes });
      press();
      load();
    },
  }, t('{n} min', { n: length })));
  const drawn = plots();
  const marks = h('ol.marks', { 'aria-label': t('What happened') });
  const said = h('p.sentence', { role: 'status' });
  const element = h('section.timeline', { 'aria-label': t('Timeline') },
    h('div.bar', null, h('h2', null, t('Timeline')), buttons), said, drawn.element, marks);
  /** @type {import('./past.js').Past | null} */
  let table = null;
  let forget = () => {};
  let isLoading = false;
  let loadedAt = 0;
  let isClosed = false;

  const press = () => buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(MINUTES[i] === minutes)));

  async function load() {
    forget();
    isLoading = true;
    try {
      const past = await feed.past(minutes);
      table = { ...past, last: past.number };
      said.textContent = '';
    } catch (failure) {
      said.textContent = failure.message;
      // It is asked for again with the next document.
      table = nothing();
    }
    isLoading = false;
    loadedAt = Date.now();
    if (isClosed) return;
    drawn.clear();
    forget = feed.watch(draw);
  }

  /** @param {import('./feed.js').Status} status */
  function draw({ document, isPaused }) {
    if (isPaused || !document) return;
    if (!table) return;
    // Another supervisor, a page that was started again, or a tab that was hidden for long: the server knows the past.
    if (table.feed !== document.feed || table.last < feed.recent[0].number - 1) {
      if (!isLoading && Date.now() - loadedAt > RELOAD) load();
      return;
    }
    for (const one of feed.recent.filter(one => one.number > table.last)) add(table, one, minutes);
    if (table.times.length === 0) return;
    drawn.show(table);
    replace(marks, ...table.events.slice(-TOLD).reverse().map(told));
  }

  load();
  return { element, close() { isClosed = true; forget(); drawn.close(); } };
}

const told = event => h('li', null, h('time', null, clock(event.time)), ' ', h('b', null, event.subject),
  event.kind === event.subject || event.text.startsWith(event.kind) ? ` ${event.text}` : ` ${t(event.kind)}: ${event.text}`);
