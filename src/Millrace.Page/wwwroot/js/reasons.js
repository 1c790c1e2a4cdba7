// The commonest reason of each stream's dead letters, for whoever shows their number: asked for now and then, and only where there are any.
import { get } from './api.js';

/** Milliseconds between two looks. */
const EVERY = 10_000;

export class Reasons {
  #asked = 0;
  /** @type {Map<string, string>} */ #known = new Map();

  /** @param {string} stream */
  of(stream) { return this.#known.get(stream); }

  /** @param {{ dead_letters: number | null }[]} streams As the status document has them. */
  async look(streams) {
    if (!streams.some(stream => stream.dead_letters > 0) || Date.now() - this.#asked < EVERY) return;
    this.#asked = Date.now();
    try {
      const { streams: found } = await get('/api/dead-letters');
      this.#known = new Map(found.filter(stream => stream.kinds.length > 0).map(stream => [stream.stream, stream.kinds[0].reason]));
    } catch {
      // The number of dead letters stands there all the same; the view of them says what is wrong.
    }
  }
}
