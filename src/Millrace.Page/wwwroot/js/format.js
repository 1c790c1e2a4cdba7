// Numbers and times as the reader's language and zone write them. null and undefined are a dash.
import { language, t } from './i18n.js';

const DASH = '–';

/** @param {number | bigint | null | undefined} value */
export const count = value => isKnown(value) ? number(value, 0) : DASH;

/** Events a second: digits after the point only where it is slow. @param {number | null | undefined} value */
export const rate = value => isKnown(value) ? number(value, value > 0 && value < 10 ? 1 : 0) : DASH;

/** @param {number | null | undefined} value @param {number} digits */
export const decimal = (value, digits) => isKnown(value) ? number(value, digits) : DASH;

/** @param {number | null | undefined} value Milliseconds. */
export const milliseconds = value => isKnown(value) ? `${number(value, 0)} ms` : DASH;

/** @param {number | null | undefined} value Seconds. */
export function duration(value) {
  if (!isKnown(value)) return DASH;
  if (value < 10) return `${number(value, value > 0 ? 1 : 0)} s`;
  if (value < 60) return `${number(value, 0)} s`;
  if (value < 3600) return `${number(Math.floor(value / 60), 0)} min ${number(Math.floor(value % 60), 0)} s`;
  if (value < 86400) return `${number(Math.floor(value / 3600), 0)} h ${number(Math.floor(value % 3600 / 60), 0)} min`;
  return `${number(Math.floor(value / 86400), 0)} d ${number(Math.floor(value % 86400 / 3600), 0)} h`;
}

/** @param {number | bigint | null | undefined} value */
export function bytes(value) {
  if (!isKnown(value)) return DASH;
  let rest = Number(value);
  for (const unit of ['B', 'kB', 'MB', 'GB', 'TB']) {
    if (Math.abs(rest) < 1000 || unit === 'TB') return `${number(rest, unit === 'B' || rest >= 100 ? 0 : 1)} ${unit}`;
    rest /= 1000;
  }
  return DASH;
}

/** @param {string | number | Date | null | undefined} value */
export const clock = value => isKnown(value)
  ? new Date(value).toLocaleTimeString(language(), { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  : DASH;

/** With its date and milliseconds. @param {string | number | Date | null | undefined} value */
export const instant = value => isKnown(value)
  ? new Date(value).toLocaleString(language(), {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3,
  })
  : DASH;

/** Seconds between a moment and now. @param {string} since */
export const secondsSince = since => Math.max(0, (Date.now() - Date.parse(since)) / 1000);

/** How long ago a moment was. @param {string | null | undefined} value */
export const ago = value => isKnown(value) ? t('{duration} ago', { duration: duration(Math.floor(secondsSince(value))) }) : DASH;

const isKnown = value => value !== null && value !== undefined;

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

function number(value, digits) {
  const key = `${language()} ${digits}`;
  if (!formats.has(key))
    formats.set(key, new Intl.NumberFormat(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  return formats.get(key).format(value);
}
