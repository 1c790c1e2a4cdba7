// What the page asks its own server. 64-bit integers stay exact: those beyond 2^53 are BigInts.

/** Why there is no answer, in a sentence of the server's. */
export class ApiError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {string} text */
export function parseJson(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context.source) : value);
}

/**
 * @param {string} path
 * @param {Record<string, string | number | bigint | null | undefined>} [query] Without those that are null or undefined.
 * @param {AbortSignal} [signal]
 */
export function get(path, query = {}, signal) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return ask(search ? `${path}?${search}` : path, { signal });
}

/** @param {string} path @param {unknown} [body] @param {AbortSignal} [signal] */
export function post(path, body = {}, signal) {
  return ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body, (_, value) => typeof value === 'bigint' ? JSON.rawJSON?.(String(value)) ?? String(value) : value),
    signal,
  });
}

/** @param {string} address @param {RequestInit} request */
async function ask(address, request) {
  const response = await fetch(address, request);
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
  const answer = isJson && text ? parseJson(text) : null;
  if (!response.ok) throw new ApiError(response.status, answer?.error ?? (text.trim() || `HTTP ${response.status}`));
  return answer;
}
