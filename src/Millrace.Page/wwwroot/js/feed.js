// The status documents: one a second from the server, and what was before them.
import { get, parseJson } from './api.js';

/** A document that is older than so many milliseconds is stale. */
const STALE = 4000;

/** At most two repaints a second. */
const REPAINT = 500;

/** Until it is tried again after an answer that is an error, in milliseconds. */
const RETRY = 1000;

/** In documents, one a second: what sparklines show, and what a plot may be behind. Plots get the rest from /api/past. */
const RECENT = 120;

/**
 * @typedef {{ document: object | null, isPaused: boolean, isStale: boolean, age: number, why: string }} Status
 */

export class Feed {
  /** @type {Set<(status: Status) => void>} */
  #watchers = new Set();
  /** @type {object | null} */ #shown = null;
  /** @type {object | null} */ #last = null;
  #received = 0;
  #why = '';
  #isPaused = false;
  #painted = 0;
  #due = 0;
  #retry = 0;
  /** @type {EventSource | null} */ #source = null;
  /** The last documents, oldest first. @type {object[]} */ recent = [];

  start() {
    this.#connect();
    setInterval(() => this.#tick(), 1000);
    document.addEventListener('visibilitychange', () => this.#turn());
  }

  /** The table of the past, by the server. @param {number} minutes */
  past(minutes) {
    return get('/api/past', { minutes });
  }

  get isPaused() { return this.#isPaused; }

  /** Paused, it shows what it showed; documents come in all the same, and none is lost. @param {boolean} value */
  set isPaused(value) {
    this.#isPaused = value;
    if (!value) this.#shown = this.#last;
    this.#paint(true);
  }

  get status() {
    const age = this.#received === 0 ? 0 : Date.now() - this.#received;
    return {
      document: this.#isPaused ? this.#shown : this.#last,
      isPaused: this.#isPaused,
      isStale: this.#received > 0 && age > STALE,
      age,
      why: this.#why,
    };
  }

  /** @param {(status: Status) => void} watcher Called at once, then at most twice a second, and not while the tab is hidden. */
  watch(watcher) {
    this.#watchers.add(watcher);
    watcher(this.status);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * A hidden tab draws nothing and lets go of its connection: a browser has six for all tabs of a host. The feed goes on where it stopped.
   */
  #turn() {
    if (document.hidden) this.#close();
    else if (!this.#source) this.#connect();
    this.#paint();
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #connect() {
    this.#close();
    const source = this.#source = new EventSource(this.#last ? `/feed?after=${this.#last.feed}-${this.#last.number}` : '/feed');
    source.onmessage = message => this.#receive(parseJson(message.data));
    source.onerror = () => {
      this.#why = 'the page\'s server does not answer';
      // A server that answers with an error ends the source for good; one that went away does not.
      if (source.readyState === EventSource.CLOSED && source === this.#source) this.#retry = setTimeout(() => this.#connect(), RETRY);
    };
  }

  #receive(status) {
    // A page that was started again tells the past once more.
    if (this.#last?.feed === status.feed && status.number <= this.#last.number) return;
    if (this.#last?.feed !== status.feed) this.recent = [];
    this.#last = status;
    this.#received = Date.now();
    this.#why = '';
    this.recent = [...this.recent.slice(1 - RECENT), status];
    if (!this.#isPaused) this.#shown = status;
    this.#paint();
  }

  #tick() {
    if (this.status.isStale) this.#paint();
  }

  /** @param {boolean} [now] */
  #paint(now = false) {
    if (document.hidden) return;
    const wait = this.#painted + REPAINT - Date.now();
    if (!now && wait > 0) {
      this.#due ||= setTimeout(() => this.#paint(true), wait);
      return;
    }
    clearTimeout(this.#due);
    this.#due = 0;
    this.#painted = Date.now();
    const status = this.status;
    for (const watcher of this.#watchers) watcher(status);
  }
}
