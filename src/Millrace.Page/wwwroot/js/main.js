// The frame of the page: which view is open, what is wrong, the clock, keys.
import { get } from './api.js';
import { facts, h, replace, setText } from './dom.js';
import { Drawer } from './drawer.js';
import { Feed } from './feed.js';
import { clock, duration } from './format.js';
import { choose, language, t } from './i18n.js';
import { State } from './state.js';
import { services, troubles } from './trouble.js';
import { views } from './views/all.js';

/** Sentences above every view: fifty streams may be in trouble at once. */
const MOST_TOLD = 3;

const THEMES = ['system', 'light', 'dark'];
const LANGUAGES = [['en', 'English'], ['ru', 'Русский']];

const feed = new Feed();
const state = new State(open);
const drawer = new Drawer(document.body);

const main = h('main', { id: 'view', tabindex: -1 });
const chips = h('ul.chips', { 'aria-label': t('Services') });
const banner = h('div.banner', { role: 'alert' });
const stamp = h('button.stamp', { type: 'button', onclick: () => { feed.isPaused = !feed.isPaused; }, title: t('Pause or go on (space)') });
const links = views.map(view => h('a', {
  href: view.path, 'data-path': view.path, title: view.key ? t('Key: {key}', { key: view.key }) : null, onclick: follow,
}, t(view.title)));

const menu = h('nav', { 'aria-label': t('Views') }, links);

/** @type {{ close?: () => void } | null} */
let shown = null;

/** @param {MouseEvent} event */
function follow(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  state.go(/** @type {HTMLAnchorElement} */ (event.currentTarget).pathname);
}

/** Shows the view that the address names. */
async function open() {
  const mine = ++openings;
  const view = views.find(one => one.path === state.path) ?? views[0];
  shown?.close?.();
  drawer.close();
  main.replaceChildren();
  document.title = `${t(view.title)} · Millrace`;
  for (const link of links) {
    if (link.dataset.path === view.path) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    if (link.dataset.path === view.path) bringIntoSight(link);
  }
  try {
    stand ??= await get('/api/stand');
  } catch (failure) {
    if (mine !== openings) return;
    main.replaceChildren(h('p.sentence.bad', null, failure.message));
    setTimeout(() => { if (mine === openings) open(); }, 2000);
    return;
  }
  if (mine !== openings) return;
  shown = view.mount(main, { feed, stand, state, drawer }) ?? null;
}

/** On a narrow screen the menu is a line that scrolls. @param {HTMLElement} link */
function bringIntoSight(link) {
  menu.scrollLeft = link.offsetLeft - (menu.clientWidth - link.offsetWidth) / 2;
}

/** @type {object | undefined} */
let stand;
/** How often a view was opened: what answers late is of an earlier one. */
let openings = 0;
/** When the definitions that the view goes by were set up. */
let setUp = '';

/** @param {import('./feed.js').Status} status */
function showStatus(status) {
  const { document: status_, isPaused, isStale, age, why } = status;
  followDefinitions(status_);
  document.body.classList.toggle('stale', isStale);
  const time = status_ ? clock(status_.time) : '–';
  setText(stamp, isPaused ? `⏸ ${time}`
    : isStale ? t('as of {age} ago, because {why}', { age: duration(age / 1000), why: t(why || 'nothing has come since') })
    : `● ${time}`);
  replace(chips, services(status_, drawer));
  const wrong = troubles(status_);
  const told = wrong.length > MOST_TOLD + 1 ? wrong.slice(0, MOST_TOLD) : wrong;
  replace(banner, told.map(trouble => h('p', null, trouble)),
    told.length < wrong.length && h('p', null, t('and {n} more, each at its stream in the flow', { n: wrong.length - told.length })));
  banner.hidden = banner.childElementCount === 0;
}

/** After an edit of streams/ was applied, the view is opened anew by what they say now. @param {object | null} status_ */
function followDefinitions(status_) {
  const since = status_?.services.find(service => service.name === 'setup' && service.state === 'finished')?.since ?? setUp;
  const isOther = setUp !== '' && since !== setUp;
  setUp = since;
  if (!isOther) return;
  stand = undefined;
  open();
}

function header() {
  const themes = h('select', {
    'aria-label': t('Colours'),
    onchange: (/** @type {Event} */ event) => {
      const theme = /** @type {HTMLSelectElement} */ (event.target).value;
      localStorage.setItem('theme', theme);
      document.documentElement.dataset.theme = theme;
    },
  }, THEMES.map(theme => h('option', { value: theme, selected: theme === document.documentElement.dataset.theme }, t(theme))));
  const languages = h('select', {
    'aria-label': t('Language'),
    onchange: (/** @type {Event} */ event) => {
      choose(/** @type {HTMLSelectElement} */ (event.target).value);
      location.reload();
    },
  }, LANGUAGES.map(([code, name]) => h('option', { value: code, selected: code === language() }, name)));
  const brand = h('a.brand', { href: '/', onclick: follow }, 'Millrace');
  return h('header', null, brand, menu, stamp, themes, languages);
}

/** @param {KeyboardEvent} event */
function press(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const isTyping = target.matches('input, textarea, select, [contenteditable]');
  if (event.key === 'Escape') {
    drawer.close();
    target.blur();
    return;
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === ' ' && !target.matches('button, a, summary')) feed.isPaused = !feed.isPaused;
  else if (event.key === '?') drawer.open(t('Keys'), keys());
  else if (event.key === '/') /** @type {HTMLElement | null} */ (main.querySelector('input[type=search], textarea'))?.focus();
  else if (views.some(view => view.key === event.key)) state.go(views.find(view => view.key === event.key).path);
  else return;
  event.preventDefault();
}

function keys() {
  const rows = [...views.filter(view => view.key).map(view => [view.key, t(view.title)]),
    ['/', t('Search')], ['space', t('Pause or go on')], ['Esc', t('Close')], ['?', t('Keys')]];
  return facts(rows.map(([key, meaning]) => [h('kbd', null, key), meaning]));
}

document.documentElement.lang = language();
document.body.append(header(), chips, banner, main);
document.addEventListener('keydown', press);
feed.watch(showStatus);
feed.start();
open();
