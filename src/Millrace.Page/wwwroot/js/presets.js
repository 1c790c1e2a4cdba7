// Queries to begin with: those of the README where the stand has its tables, and the newest rows of any stream.
import { t } from './i18n.js';

const SHOP = [
  ['Sessions from a view to an order, by country',
    `SELECT country, count() AS sessions, countIf(clicks > 0) AS clicked, countIf(orders > 0) AS ordered,
       round(100 * ordered / sessions, 1) AS percent
FROM (SELECT session_id, any(country) AS country FROM views_table GROUP BY session_id) AS v
LEFT JOIN (SELECT session_id, count() AS clicks FROM clicks_table GROUP BY session_id) AS c USING (session_id)
LEFT JOIN (SELECT session_id, count() AS orders FROM orders_table GROUP BY session_id) AS o USING (session_id)
GROUP BY country ORDER BY sessions DESC LIMIT 5`],
  ['The largest orders of the last minute, and what led to them', `SELECT
    o.user_id AS user,
    any(v.referrer) AS came_from,
    uniqExact(v.event_id) AS views,
    uniqExact(c.event_id) AS clicks,
    any(o.amount) AS paid,
    any(o.currency) AS in
FROM orders_table AS o
JOIN clicks_table AS c ON c.session_id = o.session_id
JOIN views_table AS v ON v.session_id = o.session_id
WHERE o.event_time > now() - 60
GROUP BY o.event_id, user ORDER BY paid DESC LIMIT 3`],
  ['Revenue by minute and currency', `SELECT toStartOfMinute(event_time) AS minute, currency, count() AS orders, sum(amount) AS revenue
FROM orders_table GROUP BY minute, currency ORDER BY minute DESC, revenue DESC LIMIT 30`],
  ['How long an event takes to become a row', `SELECT kafka_topic AS topic, count() AS rows,
       arrayMap(ms -> round(ms), quantiles(0.5, 0.9, 0.99)(dateDiff('millisecond', event_time, inserted_at))) AS p50_p90_p99_ms
FROM merge(currentDatabase(), '^(clicks|views|orders)_table$')
WHERE inserted_at > now() - 10 GROUP BY topic ORDER BY rows DESC`],
];

const SHOP_TABLES = ['clicks_table', 'views_table', 'orders_table'];

/** @param {any} stand @returns {string[][]} A title and a query each. */
export function presets(stand) {
  const isShop = SHOP_TABLES.every(table => stand.streams.some(stream => stream.target_table === table));
  const letters = [...new Set(stand.streams.map(stream => stream.dead_letter_table))];
  return [
    ...(isShop ? SHOP.map(([title, sql]) => [t(title), sql]) : []),
    ...stand.streams.map(stream => [t('Newest rows of {table}', { table: stream.target_table }),
      `SELECT * FROM ${stream.target_table} ORDER BY inserted_at DESC LIMIT 20`]),
    ...letters.map(table => [t('Dead letters of {table}', { table }),
      `SELECT kafka_topic, kafka_partition, kafka_offset, message, reason FROM ${table} ORDER BY kafka_timestamp DESC LIMIT 20`]),
  ];
}
