// A list of what the word at the caret may become: tables, columns, functions, keywords.
import { h } from './dom.js';
import { t } from './i18n.js';

const MOST = 8;

/** Letters before the list opens by itself. */
const FEWEST = 2;

const KEYWORDS = ['SELECT', 'FROM', 'WHERE', 'GROUP BY', 'ORDER BY', 'LIMIT', 'HAVING', 'JOIN', 'LEFT JOIN',
  'USING', 'UNION ALL', 'WITH', 'DISTINCT', 'DESC', 'BETWEEN', 'FORMAT Vertical', 'INTERVAL', 'FINAL', 'PREWHERE', 'ARRAY JOIN'];

/** @typedef {{ text: string, hint: string }} Word */

/**
 * @param {HTMLTextAreaElement} editor
 * @param {() => Promise<Word[]>} load Asked once, when somebody begins to type.
 */
export function completion(editor, load) {
  const list = h('ul.completion', { id: 'completion', role: 'listbox', 'aria-label': t('Completion'), hidden: true });
  /** @type {Word[]} */ let words = KEYWORDS.map(text => ({ text, hint: '' }));
  /** @type {Word[]} */ let found = [];
  let chosen = 0;
  let isLoaded = false;
  editor.setAttribute('aria-autocomplete', 'list');
  editor.setAttribute('aria-controls', 'completion');

  const before = () => /[\w.]*$/.exec(editor.value.slice(0, editor.selectionStart))?.[0] ?? '';

  async function typed() {
    if (!isLoaded) {
      isLoaded = true;
      load().then(more => { words = [...more, ...words]; }, () => { isLoaded = false; });
    }
    const word = before().split('.').pop() ?? '';
    const isAfterDot = before().includes('.');
    found = word.length >= FEWEST || isAfterDot ? matches(words, word).slice(0, MOST) : [];
    if (found.some(one => one.text === word)) found = [];
    chosen = 0;
    draw();
  }

  function draw() {
    list.hidden = found.length === 0;
    list.replaceChildren(...found.map((word, i) => h('li', {
      id: `completion-${i}`, role: 'option', 'aria-selected': String(i === chosen),
      onmousedown: event => { event.preventDefault(); take(word); },
    }, h('b', null, word.text), ' ', h('span', null, word.hint))));
    if (found.length > 0) editor.setAttribute('aria-activedescendant', `completion-${chosen}`);
    else editor.removeAttribute('aria-activedescendant');
  }

  /** @param {Word} word */
  function take(word) {
    const written = before().split('.').pop() ?? '';
    editor.setRangeText(word.text, editor.selectionStart - written.length, editor.selectionStart, 'end');
    close();
    editor.dispatchEvent(new Event('change'));
  }

  function close() {
    found = [];
    draw();
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (found.length === 0 || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown') chosen = (chosen + 1) % found.length;
    else if (event.key === 'ArrowUp') chosen = (chosen + found.length - 1) % found.length;
    else if (event.key === 'Tab' || event.key === 'Enter') take(found[chosen]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    draw();
  }

  editor.addEventListener('input', typed);
  editor.addEventListener('keydown', press);
  editor.addEventListener('blur', close);
  return list;
}

/** Those that begin so first, then those that hold it. @param {Word[]} words @param {string} wanted */
function matches(words, wanted) {
  const small = wanted.toLowerCase();
  const at = words.map(word => ({ word, place: word.text.toLowerCase().indexOf(small) })).filter(({ place }) => place >= 0);
  return at.sort((a, b) => Math.min(a.place, 1) - Math.min(b.place, 1)).map(({ word }) => word);
}
