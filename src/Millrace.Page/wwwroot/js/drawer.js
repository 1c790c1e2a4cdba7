// The panel at the side with the details of one thing.
import { h } from './dom.js';
import { t } from './i18n.js';

export class Drawer {
  #title = h('h2', { id: 'drawer-title' });
  #body = h('div.body');
  #panel;
  /** @type {(() => void) | undefined} */ #closed;
  /** @type {Element | null} */ #from = null;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    const close = h('button.close', { type: 'button', 'aria-label': t('Close'), onclick: () => this.close() }, '✕');
    this.#panel = h('aside.drawer', { role: 'dialog', 'aria-labelledby': 'drawer-title', hidden: true, tabindex: -1 },
      h('div.head', null, this.#title, close), this.#body);
    parent.append(this.#panel);
  }

  /**
   * @param {string} title
   * @param {Node | Node[]} content
   * @param {() => void} [closed] Called when it is closed, or shows something else.
   */
  open(title, content, closed) {
    this.#closed?.();
    this.#closed = closed;
    this.#from ??= document.activeElement;
    this.#title.textContent = title;
    this.#body.replaceChildren(...[content].flat());
    this.#panel.hidden = false;
    this.#panel.focus();
  }

  close() {
    if (this.#panel.hidden) return;
    this.#panel.hidden = true;
    this.#closed?.();
    this.#closed = undefined;
    if (this.#from instanceof HTMLElement) this.#from.focus();
    this.#from = null;
  }
}

/** A command to copy, with what it does. @param {string} command */
export function command(command) {
  const copy = h('button', {
    type: 'button',
    onclick: async () => {
      // A browser has a clipboard for pages of this machine and over https only.
      try {
        await navigator.clipboard.writeText(command);
        copy.textContent = t('Copied');
      } catch {
        copy.textContent = t('Select it to copy');
      }
      setTimeout(() => { copy.textContent = t('Copy'); }, 1500);
    },
  }, t('Copy'));
  return h('div.command', null, h('code', null, command), copy);
}
