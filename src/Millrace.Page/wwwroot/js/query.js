// Asks the stand's ClickHouse, through the page's server, which lets it only read and bounds what it may cost.
import { ApiError, get, parseJson } from './api.js';

/** Rows that one answer may have: the server cuts it there. */
export const MOST_ROWS = 10000;

/** What a result can be downloaded as: what it is called, ClickHouse's format, the ending. */
export const DOWNLOADS = [['CSV', 'CSVWithNames', 'csv'], ['JSON', 'JSONEachRow', 'json'], ['Parquet', 'Parquet', 'parquet']];

/**
 * @typedef {{ name: string, type: string }} Column
 * @typedef {{ meta: Column[], data: any[][], rows: number, statistics: { elapsed: number, rows_read: number, bytes_read: number } }} Table
 */

/** Another one for each query. `crypto.randomUUID` is only there over https. */
export const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('');

/**
 * @param {string} sql @param {AbortSignal} [signal] Ends the query in ClickHouse too. @param {string} [id]
 * @returns {Promise<Table | string>} Text where the query says its own FORMAT.
 */
export async function run(sql, signal, id = newId()) {
  const response = await ask({ sql, id }, signal);
  const text = await response.text();
  return response.headers.get('Content-Type')?.startsWith('application/json') ? parseJson(text) : text;
}

/** Runs it again and hands the result over as a file. @param {string} sql @param {string} format @param {AbortSignal} [signal] */
export async function download(sql, format, signal) {
  const response = await ask({ sql, id: newId(), format }, signal);
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'millrace.txt';
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** How far a query has come; null when it does not run. @param {string} id @param {AbortSignal} signal */
export const progress = async (id, signal) => (await get('/api/query/progress', { id }, signal)).progress;

async function ask(body, signal) {
  const response = await fetch('/api/query', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal,
  });
  if (response.ok) return response;
  const text = await response.text();
  let error = text.trim();
  try { error = parseJson(text).error; } catch { /* Not of our server: the text itself. */ }
  throw new ApiError(response.status, error || `HTTP ${response.status}`);
}

/**
 * Where in a query ClickHouse found its error, as far as the sentence says: a position, or a name.
 * @param {string} sql @param {string} message @returns {{ from: number, to: number } | null} Characters, the end exclusive.
 */
export function placeOf(sql, message) {
  const position = /position (\d+)/.exec(message);
  if (position) return wordAt(sql, characters(sql, Number(position[1]) - 1));
  const name = /(?:identifier|function|table|column|database)[^`']{0,40}[`']([^`']+)[`']/i.exec(message)?.[1];
  if (!name) return null;
  const last = name.split('.').pop() ?? name;
  const from = sql.includes(name) ? sql.indexOf(name) : sql.indexOf(last);
  return from < 0 ? null : { from, to: from + (sql.includes(name) ? name : last).length };
}

/** ClickHouse counts bytes of UTF-8. */
function characters(sql, bytes) {
  return new TextDecoder().decode(new TextEncoder().encode(sql).slice(0, Math.max(0, bytes))).length;
}

function wordAt(sql, from) {
  const length = /^\w+/.exec(sql.slice(from))?.[0].length ?? 1;
  return { from, to: Math.min(sql.length, from + length) };
}
