// The queries that this browser ran, newest first.
const KEY = 'queries';
const MOST = 50;

/** A query longer than that is not kept. */
const LONGEST = 20000;

/** @returns {string[]} */
export function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(sql => typeof sql === 'string') : [];
  } catch {
    return [];
  }
}

/** @param {string} sql */
export function remember(sql) {
  if (!sql.trim() || sql.length > LONGEST) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([sql, ...remembered().filter(one => one !== sql)].slice(0, MOST)));
  } catch {
    // The browser keeps nothing, or no more: the history is no reason to run no query.
  }
}
