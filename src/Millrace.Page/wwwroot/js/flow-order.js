// In which order streams stand in the flow, and which of them are one row together.
import { ofStream } from './trouble.js';

/** In seconds: a stream is late from the first on, and until it is under the second: one that wavers between them stays where it is. */
const LATE = 5;
const IN_TIME = 3;

/** The classes of streams, the worst first. Within one they stand by name: a lag that moves moves no row. */
const TROUBLE = 0, BEHIND = 1, REJECTS = 2, PAUSED = 3, WELL = 4;

/** @typedef {{ stream: any, flow: any }} Shown A stream of the stand, and what the status says of it. */

export class Order {
  /** @type {Set<string>} */ #late = new Set();
  /** The classes of streams when they were last known. @type {Map<string, number>} */ #ranks = new Map();

  /**
   * @param {Shown[]} streams
   * @param {boolean} areServersThere While one is away all streams wait for it alike, and stand where they stood.
   * @param {number} most So many stand in all before the rest of those that are well is folded.
   * @returns {{ first: Shown[], rest: Shown[], isMore: boolean, areWell: boolean }} What always stands, and what may be folded; whether
   * some of the former are well too, and whether it is known that the latter are.
   */
  split(streams, areServersThere, most) {
    for (const one of streams) {
      const rank = this.#rank(one);
      if (areServersThere) this.#ranks.set(one.stream.name, rank);
    }
    const ranked = streams.map(one => ({ ...one, rank: this.#ranks.get(one.stream.name) ?? WELL }))
      .sort((a, b) => a.rank - b.rank || a.stream.name.localeCompare(b.stream.name, 'en', { numeric: true }));
    const troubled = ranked.filter(one => one.rank < WELL).length;
    const standing = Math.max(troubled, most);
    // A row for one stream would be as long as the stream.
    const first = ranked.length <= standing + 1 ? ranked : ranked.slice(0, standing);
    const rest = ranked.slice(first.length);
    const areWell = areServersThere && rest.every(({ flow }) => isKnown(flow?.lag) && isKnown(flow.rows));
    return { first, rest, isMore: troubled < first.length, areWell };
  }

  /** @param {string} name Of a stream, once it was ranked. */
  isLate(name) { return this.#late.has(name); }

  #rank({ stream, flow }) {
    if (isLate(flow, this.#late.has(stream.name) ? IN_TIME : LATE)) this.#late.add(stream.name);
    else this.#late.delete(stream.name);
    if (ofStream(flow).length > 0) return TROUBLE;
    if (this.#late.has(stream.name)) return BEHIND;
    if (flow?.dead_letters > 0) return REJECTS;
    return flow?.paused ? PAUSED : WELL;
  }
}

/** Records that were there before anybody looked have waited for nobody knows how long; many of them are no good sign. */
function isLate(flow, seconds) {
  if (!flow || flow.paused) return false;
  return isKnown(flow.lag_seconds) ? flow.lag_seconds > seconds : flow.lag > seconds * (flow.produced_per_second ?? 0);
}

const isKnown = value => value !== null && value !== undefined;
