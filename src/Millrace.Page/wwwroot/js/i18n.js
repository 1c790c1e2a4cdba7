// English is what stands in the code; other languages are a dictionary each, by the English text.
import { russian } from './russian.js';

const KEY = 'language';
const LANGUAGES = { en: {}, ru: russian };

/** As the reader chose, or else as the browser is set. */
export function language() {
  const chosen = localStorage.getItem(KEY);
  if (chosen && chosen in LANGUAGES) return chosen;
  return navigator.language.startsWith('ru') ? 'ru' : 'en';
}

/** @param {string} chosen */
export function choose(chosen) {
  localStorage.setItem(KEY, chosen);
}

/**
 * @param {string} text English; `{name}` stands for a value.
 * @param {Record<string, string | number | bigint>} [values]
 */
export function t(text, values = {}) {
  const translated = LANGUAGES[language()][text] ?? text;
  return translated.replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole);
}
