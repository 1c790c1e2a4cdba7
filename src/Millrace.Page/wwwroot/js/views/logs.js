// The logs of all services in one view, in the order of their time.
import { parseJson } from '../api.js';
import { h } from '../dom.js';
import { count } from '../format.js';
import { t } from '../i18n.js';

/** Lines that are kept; the oldest go first. */
const MOST = 5000;

const LEVELS = ['info', 'warn', 'fail'];

/** Further than so many pixels from the end, the reader looks at something older. */
const NEAR = 40;

/** @typedef {{ service: string, time: string, level: string, text: string, element?: Element }} Line */

/** @type {import('./all.js').View} */
export default {
  path: '/logs', key: 'l', title: 'Logs',
  mount(root, { feed, stand, state }) {
    if (!stand.is_kept) {
      root.append(h('p.sentence', null,
        t('No supervisor of Millrace keeps this stand. Its services write their logs elsewhere, in compose: docker compose logs -f')));
      return {};
    }
    /** @type {Line[]} */ let lines = [];
    let skipped = 0;
    const said = h('p.sentence', { role: 'status' });
    const list = h('div.log.mono', { role: 'log', 'aria-label': t('Logs'), tabindex: 0, onscroll: scrolled });
    const text = h('input', {
      type: 'search', placeholder: t('Filter by text'), 'aria-label': t('Filter by text'), value: state.get('text') ?? '', oninput: filter,
    });
    const service = choice(t('Service'), [['', t('all services')], ...names().map(name => [name, name])], state.get('service'), filter);
    const levels = LEVELS.map(name => [name, t('{level} and worse', { level: name })]);
    const level = choice(t('Level'), [['', t('all levels')], ...levels], state.get('level'), filter);
    const follow = h('input', { type: 'checkbox', checked: true, onchange: () => follow.checked && toEnd() });
    const copy = h('button', { type: 'button', onclick: copyShown }, t('Copy'));
    root.append(h('div.bar', null, text, service, level, h('label', null, follow, ' ', t('Follow')), copy), said, list);

    function names() {
      return [...new Set([...(feed.status.document?.services ?? []).map(one => one.name), state.get('service') ?? ''])].filter(Boolean);
    }

    function isWanted(/** @type {Line} */ line) {
      const wanted = text.value.trim().toLowerCase();
      return (!service.value || line.service === service.value)
        && (!level.value || LEVELS.indexOf(line.level) >= LEVELS.indexOf(level.value))
        && (!wanted || line.text.toLowerCase().includes(wanted) || line.service.includes(wanted));
    }

    function filter() {
      state.note({ text: text.value, service: service.value, level: level.value });
      draw();
    }

    function draw() {
      for (const line of lines) delete line.element;
      list.replaceChildren(...elementsOf(lines));
      tell();
    }

    /** @param {Line[]} some */
    function elementsOf(some) { return some.filter(isWanted).map(line => line.element = row(line)); }

    /** @param {Line[]} added */
    function add(added) {
      const isInOrder = lines.length === 0 || added.length === 0 || added[0].time >= lines[lines.length - 1].time;
      lines.push(...added);
      if (!isInOrder) lines.sort((a, b) => a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
      const gone = lines.splice(0, Math.max(0, lines.length - MOST));
      if (!isInOrder) return draw();
      for (const line of gone) line.element?.remove();
      list.append(...elementsOf(added.slice(-MOST)));
      tell();
    }

    function tell() {
      const shown = list.childElementCount;
      said.textContent = lines.length === 0 ? t('No line yet.')
        : t('{shown} of {all} lines', { shown: count(shown), all: count(lines.length) })
          + (skipped > 0 ? ` · ${t('{n} older ones were left out', { n: count(skipped) })}` : '')
          + (lines.length === MOST ? ` · ${t('older lines: {command}', { command: `${stand.command} logs` })}` : '');
      if (follow.checked) toEnd();
    }

    function toEnd() { list.scrollTop = list.scrollHeight; }

    /** Whoever scrolls back wants to read; whoever comes to the end wants to follow. */
    function scrolled() { follow.checked = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR; }

    async function copyShown() {
      if (!navigator.clipboard) {
        said.textContent = t('A browser lets a page copy only over https, or on the machine itself.');
        return;
      }
      await navigator.clipboard.writeText(lines.filter(isWanted).map(line => `${line.time} ${line.service} ${line.text}`).join('\n'));
      copy.textContent = t('Copied');
      setTimeout(() => { copy.textContent = t('Copy'); }, 1500);
    }

    /** @type {EventSource} */ let source;
    let due = 0;

    function connect() {
      source = new EventSource('/api/logs');
      // A new connection begins with the past again.
      source.onopen = () => { lines = []; skipped = 0; list.replaceChildren(); tell(); };
      source.onmessage = message => {
        const batch = parseJson(message.data);
        skipped += batch.skipped;
        add(batch.lines);
      };
      source.onerror = () => {
        said.textContent = t('the page\'s server does not answer');
        // An answer that is an error ends a source for good.
        if (source.readyState === EventSource.CLOSED) due = setTimeout(connect, 2000);
      };
    }

    connect();
    return { close() { clearTimeout(due); source.close(); } };
  },
};

/** @param {Line} line */
function row(line) {
  const isBad = line.level === 'fail';
  return h(`div.line${isBad ? '.bad' : line.level === 'warn' ? '.warn' : ''}`, null,
    h('time', { datetime: line.time, title: line.time }, clockOf(line.time)), ' ', h('b', null, line.service), ' ', line.text);
}

/** With milliseconds, in the reader's zone. @param {string} time */
function clockOf(time) {
  const date = new Date(time);
  const two = value => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** @param {string} label @param {string[][]} options @param {string | null} chosen @param {() => void} onchange */
function choice(label, options, chosen, onchange) {
  return h('select', { 'aria-label': label, onchange },
    options.map(([value, name]) => h('option', { value, selected: value === (chosen ?? '') }, name)));
}
