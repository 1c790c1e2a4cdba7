// The views in the order of the menu. A view is one file, and one line here.
import audit from './audit.js';
import business from './business.js';
import deadLetters from './dead-letters.js';
import find from './find.js';
import flow from './flow.js';
import groups from './groups.js';
import logs from './logs.js';
import query from './query.js';
import tables from './tables.js';
import topics from './topics.js';

/**
 * @typedef {{
 *   feed: import('../feed.js').Feed, stand: any, state: import('../state.js').State, drawer: import('../drawer.js').Drawer
 * }} Context
 * @typedef {{
 *   path: string, key: string | null, title: string, mount: (root: HTMLElement, context: Context) => ({ close?: () => void } | void)
 * }} View
 */

/** @type {View[]} */
export const views = [flow, topics, groups, tables, deadLetters, find, logs, query, audit, business];
