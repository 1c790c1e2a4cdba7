// What a service can be made to do from the page; each asks first.
import { post } from './api.js';
import { h } from './dom.js';
import { t } from './i18n.js';

/** Buttons for one service. @param {string} service */
export function actions(service) {
  const said = h('p.sentence', { role: 'status' });
  return h('section', null,
    h('h3', null, t('Actions')),
    ask(t('Restart'), t('Stop {service} in order and start it again?', { service }), said, () => post('/api/actions/restart', { service })),
    ask(t('Kill -9'),
      t('Kill the process of {service}? It loses nothing that was acknowledged, and comes back by itself.', { service }),
      said, () => post('/api/actions/kill', { service })),
    said);
}

/** A field for the emitter's rate, and a button. @param {number | undefined} now Events a second. */
export function rateAction(now) {
  const said = h('p.sentence', { role: 'status' });
  const value = now === undefined ? '' : String(now);
  const field = h('input', { type: 'number', min: 0, step: 1, 'aria-label': t('Events a second'), value });
  return h('section', null,
    h('h3', null, t('Rate')),
    h('label', null, t('Events a second; 0: as many as Kafka takes'), ' ', field),
    ask(t('Set the rate'), t('Let the emitter make events at this rate until the stand is started anew?'), said, () => {
      if (!/^\d+$/.test(field.value)) throw new Error(t('The rate is a whole number, 0 or more.'));
      return post('/api/actions/rate', { events_per_second: Number(field.value) });
    }),
    said);
}

/** A button that sends a stream what is no event of it. @param {string} stream */
export function brokenRecordAction(stream) {
  const said = h('p.sentence', { role: 'status' });
  const where = h('p.sentence');
  return h('section', null,
    h('h3', null, t('Send something broken')),
    ask(t('Send a broken record'),
      t('Send a record to {stream} that is no event of it? It becomes a dead letter and stays there.', { stream }), said,
      async () => {
        const sent = await post('/api/actions/broken-record', { stream });
        where.textContent =
          t('It is record {offset} of {topic}, partition {partition}: a moment later it is among the dead letters.', sent);
      }),
    said, where);
}

/**
 * A button that pauses a stream, or resumes it, as soon as it is known which: a drawer may be opened before the first look at ClickHouse.
 * @param {string} stream @param {import('./feed.js').Feed} feed
 */
export function pauseAction(stream, feed) {
  const said = h('p.sentence', { role: 'status' });
  const place = h('div', null, t('Looking …'));
  let isKnown = false;
  const forget = feed.watch(status => {
    const isPaused = status.document?.flow?.streams.find(one => one.stream === stream)?.paused ?? null;
    if (isKnown || isPaused === null) return;
    isKnown = true;
    show(isPaused);
    queueMicrotask(() => forget());
  });
  return h('section', null, h('h3', null, t('Reading')), place, said);

  /** The other button once it is done. @param {boolean} isPaused */
  function show(isPaused) {
    const work = action => async () => {
      await post(`/api/actions/${action}`, { stream });
      const isFocused = place.contains(document.activeElement);
      show(!isPaused);
      if (isFocused) place.querySelector('button').focus();
    };
    place.replaceChildren(isPaused
      ? ask(t('Resume'), t('Let ClickHouse go on reading {stream} where it was?', { stream }), said, work('resume'))
      : ask(t('Pause'), t('Let ClickHouse stop reading {stream}? Its records wait in the topic until it is resumed.', { stream }), said,
        work('pause')));
  }
}

/**
 * A button that becomes a question, and does it on the second press.
 * @param {string} label @param {string} question @param {HTMLElement} said Where the result is told. @param {() => Promise<unknown>} work
 */
export function ask(label, question, said, work) {
  const button = h('button', { type: 'button', onclick: () => dialog.replaceChildren(...asking()) }, label);
  const dialog = h('div.ask', null, button);
  const back = () => { dialog.replaceChildren(button); button.focus(); };
  const asking = () => [
    h('span', null, question),
    h('button.danger', {
      type: 'button',
      onclick: async () => {
        back();
        said.textContent = t('At work …');
        try {
          await work();
          said.textContent = t('Done.');
        } catch (failure) {
          said.textContent = failure.message;
        }
      },
    }, label),
    h('button', { type: 'button', onclick: back }, t('No')),
  ];
  return dialog;
}
