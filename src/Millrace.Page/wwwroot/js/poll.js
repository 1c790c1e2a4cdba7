// What a view asks again and again: one question at a time, none while the tab is hidden or the page rests.

/**
 * Asks at once, then after each pause; whoever looks at the tab again gets a new answer at once.
 * @template T
 * @param {import('./feed.js').Feed} feed @param {number} every Milliseconds. @param {HTMLElement} said Takes the sentence of an error.
 * @param {(signal: AbortSignal) => Promise<T>} ask @param {(answer: T) => void} show Not called after the close.
 */
export function poll(feed, every, said, ask, show) {
  const gone = new AbortController();
  let due = 0;
  let isAsking = false;

  async function turn() {
    clearTimeout(due);
    if (isAsking || gone.signal.aborted || document.hidden) return;
    isAsking = true;
    try {
      const answer = feed.isPaused ? null : await ask(gone.signal);
      if (answer !== null && !gone.signal.aborted) show(answer);
    } catch (failure) {
      if (!gone.signal.aborted) said.textContent = failure.message;
    } finally {
      isAsking = false;
    }
    if (!gone.signal.aborted && !document.hidden) due = setTimeout(turn, every);
  }

  document.addEventListener('visibilitychange', turn, { signal: gone.signal });
  turn();
  return {
    now: turn,
    close() { gone.abort(); clearTimeout(due); },
  };
}
