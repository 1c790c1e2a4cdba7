// What the address says, so that a link shows a colleague the same thing: the path is the view, the query is what is chosen in it.

export class State {
  #open;

  /** @param {() => void} open Shows the view that the address names. */
  constructor(open) {
    this.#open = open;
    addEventListener('popstate', open);
  }

  get path() { return location.pathname; }

  /** @param {string} name */
  get(name) { return new URLSearchParams(location.search).get(name); }

  /** Goes to a view. @param {string} path @param {Record<string, string | number | bigint | null | undefined>} [query] */
  go(path, query = {}) {
    history.pushState(null, '', path + State.#search(new URLSearchParams(), query));
    this.#open();
  }

  /**
   * Notes what is chosen, without a step in the browser's history.
   * @param {Record<string, string | number | bigint | null | undefined>} query
   */
  note(query) {
    history.replaceState(null, '', location.pathname + State.#search(new URLSearchParams(location.search), query));
  }

  /** @param {URLSearchParams} now @param {Record<string, string | number | bigint | null | undefined>} query null takes a choice back. */
  static #search(now, query) {
    for (const [name, value] of Object.entries(query)) {
      if (value === null || value === undefined || value === '') now.delete(name);
      else now.set(name, String(value));
    }
    const text = now.toString();
    return text ? `?${text}` : '';
  }
}
