-- there is no dead_letters
CREATE TABLE IF NOT EXISTS dead_letters
(
    kafka_topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_timestamp DateTime64(3),
    kafka_key String,
    message String,
    failed_columns Array(LowCardinality(String)),
    reason String,
    inserted_at DateTime64(3),
    kafka_header_names Array(String),
    kafka_header_values Array(String),
    retried_at Nullable(DateTime64(3)),
    dropped_at Nullable(DateTime64(3)),
    headers_kept Bool,
    PROJECTION stored_range (SELECT kafka_topic, kafka_partition, max(kafka_offset), max(kafka_timestamp), min(kafka_offset), argMin(kafka_timestamp, kafka_offset), argMax(kafka_timestamp, kafka_offset) GROUP BY kafka_topic, kafka_partition)
)
ENGINE = MergeTree
ORDER BY (kafka_topic, kafka_partition, kafka_offset)
SETTINGS lightweight_mutation_projection_mode = 'rebuild', old_parts_lifetime = 60, min_bytes_for_wide_part = 134217728
COMMENT 'millrace stand millrace';

-- there is no orders_table
CREATE TABLE IF NOT EXISTS orders_table
(
    event_id UUID,
    event_time DateTime64(3),
    user_id UInt64,
    session_id UUID,
    product_id UInt64,
    quantity UInt16,
    amount Decimal(18, 2),
    currency LowCardinality(String),
    coupon Nullable(String),
    country LowCardinality(String),
    ip IPv4,
    kafka_topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_timestamp DateTime64(3),
    inserted_at DateTime64(3),
    PROJECTION stored_range (SELECT kafka_topic, kafka_partition, max(kafka_offset), max(kafka_timestamp), min(kafka_offset), argMin(kafka_timestamp, kafka_offset), argMax(kafka_timestamp, kafka_offset) GROUP BY kafka_topic, kafka_partition)
)
ENGINE = MergeTree
ORDER BY (user_id, event_time)
SETTINGS lightweight_mutation_projection_mode = 'rebuild', old_parts_lifetime = 60, min_bytes_for_wide_part = 134217728
COMMENT 'millrace stand millrace';

-- there is no orders_parsed
CREATE TABLE IF NOT EXISTS orders_parsed
(
    event_id Nullable(UUID) COMMENT 'from $.event_id; rejects missing, null, invalid',
    event_time Nullable(DateTime64(3)) COMMENT 'from $.event_time; rejects missing, null, invalid',
    user_id Nullable(UInt64) COMMENT 'from $.user_id; rejects missing, null, invalid, digits',
    session_id Nullable(UUID) COMMENT 'from $.session_id; rejects missing, null, invalid',
    product_id Nullable(UInt64) COMMENT 'from $.product_id; rejects missing, null, invalid, digits',
    quantity Nullable(UInt16) COMMENT 'from $.quantity; rejects missing, null, invalid, digits',
    amount Nullable(Decimal(18, 2)) COMMENT 'from $.amount; rejects missing, null, invalid, digits',
    currency LowCardinality(Nullable(String)) COMMENT 'from $.currency; rejects missing, null',
    coupon Nullable(String) COMMENT 'from $.coupon; rejects nothing',
    country LowCardinality(Nullable(String)) COMMENT 'from $.country; rejects missing, null',
    ip Nullable(IPv4) COMMENT 'from $.ip; rejects missing, null, invalid',
    kafka_topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_timestamp DateTime64(3),
    kafka_key String,
    message String,
    kafka_header_names Array(String),
    kafka_header_values Array(String),
    valid Bool,
    is_lossy Bool,
    inexact Bool
)
ENGINE = Null
COMMENT 'millrace stand millrace edcec38a5c6fe6c6';

-- there is no orders_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS orders_mv TO orders_table AS
WITH (
    SELECT (
        groupArray(kafka_partition),
        groupArray(last_offset + 1),
        groupArray(latest),
        groupArrayArray([cityHash64(kafka_partition, first_offset), cityHash64(kafka_partition, last_offset)]),
        groupArrayArray([first_time, last_time]))
    FROM (
        SELECT
            kafka_partition,
            max(kafka_offset) AS last_offset,
            max(kafka_timestamp) AS latest,
            min(kafka_offset) AS first_offset,
            argMin(kafka_timestamp, kafka_offset) AS first_time,
            argMax(kafka_timestamp, kafka_offset) AS last_time
        FROM orders_table WHERE kafka_topic = 'orders' GROUP BY kafka_partition
    )
) AS stored,
p.kafka_offset >= transform(p.kafka_partition, stored.1, stored.2, toUInt64(0)) AS is_past,
p.kafka_timestamp > transform(p.kafka_partition, stored.1, stored.3, p.kafka_timestamp) AS is_later,
p.kafka_timestamp != transform(cityHash64(p.kafka_partition, p.kafka_offset), stored.4, stored.5, p.kafka_timestamp) AS is_another
SELECT
    assumeNotNull(p.event_id) AS event_id,
    assumeNotNull(p.event_time) AS event_time,
    assumeNotNull(p.user_id) AS user_id,
    assumeNotNull(p.session_id) AS session_id,
    assumeNotNull(p.product_id) AS product_id,
    assumeNotNull(p.quantity) AS quantity,
    assumeNotNull(p.amount) AS amount,
    assumeNotNull(p.currency) AS currency,
    p.coupon,
    assumeNotNull(p.country) AS country,
    assumeNotNull(p.ip) AS ip,
    p.kafka_topic,
    p.kafka_partition,
    p.kafka_offset,
    p.kafka_timestamp,
    now64(3) AS inserted_at
FROM orders_parsed AS p
WHERE NOT p.inexact AND if(is_past, p.valid, throwIf(NOT is_past AND ((p.valid AND is_later) OR is_another), 'orders was made anew or lost its end, but orders_table holds rows of the topic before it: RENAME TABLE orders_table, give the stream a new one, or DELETE FROM orders_table WHERE kafka_topic = \'orders\''))
COMMENT 'millrace stand millrace d5af6680a73c6d1c';

-- there is no orders_reparsed
CREATE TABLE IF NOT EXISTS orders_reparsed
(
    event_id Nullable(UUID),
    event_time Nullable(DateTime64(3)),
    user_id Nullable(UInt64),
    session_id Nullable(UUID),
    product_id Nullable(UInt64),
    quantity Nullable(UInt16),
    amount Nullable(Decimal(18, 2)),
    currency LowCardinality(Nullable(String)),
    coupon Nullable(String),
    country LowCardinality(Nullable(String)),
    ip Nullable(IPv4),
    kafka_topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_timestamp DateTime64(3),
    kafka_key String,
    message String,
    kafka_header_names Array(String),
    kafka_header_values Array(String),
    sent_json String,
    valid Bool,
    inexact Bool
)
ENGINE = Null
COMMENT 'millrace stand millrace a7eb20da78e860ec';

-- there is no orders_exact_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS orders_exact_mv TO orders_table AS
WITH (
    SELECT (
        groupArray(kafka_partition),
        groupArray(last_offset + 1),
        groupArray(latest),
        groupArrayArray([cityHash64(kafka_partition, first_offset), cityHash64(kafka_partition, last_offset)]),
        groupArrayArray([first_time, last_time]))
    FROM (
        SELECT
            kafka_partition,
            max(kafka_offset) AS last_offset,
            max(kafka_timestamp) AS latest,
            min(kafka_offset) AS first_offset,
            argMin(kafka_timestamp, kafka_offset) AS first_time,
            argMax(kafka_timestamp, kafka_offset) AS last_time
        FROM orders_table WHERE kafka_topic = 'orders' GROUP BY kafka_partition
    )
) AS stored,
p.kafka_offset >= transform(p.kafka_partition, stored.1, stored.2, toUInt64(0)) AS is_past,
p.kafka_timestamp > transform(p.kafka_partition, stored.1, stored.3, p.kafka_timestamp) AS is_later,
p.kafka_timestamp != transform(cityHash64(p.kafka_partition, p.kafka_offset), stored.4, stored.5, p.kafka_timestamp) AS is_another
SELECT
    assumeNotNull(p.event_id) AS event_id,
    assumeNotNull(p.event_time) AS event_time,
    assumeNotNull(p.user_id) AS user_id,
    assumeNotNull(p.session_id) AS session_id,
    assumeNotNull(p.product_id) AS product_id,
    assumeNotNull(p.quantity) AS quantity,
    assumeNotNull(p.amount) AS amount,
    assumeNotNull(p.currency) AS currency,
    p.coupon,
    assumeNotNull(p.country) AS country,
    assumeNotNull(p.ip) AS ip,
    p.kafka_topic,
    p.kafka_partition,
    p.kafka_offset,
    p.kafka_timestamp,
    now64(3) AS inserted_at
FROM orders_reparsed AS p
WHERE p.inexact AND if(is_past, p.valid, throwIf(NOT is_past AND ((p.valid AND is_later) OR is_another), 'orders was made anew or lost its end, but orders_table holds rows of the topic before it: RENAME TABLE orders_table, give the stream a new one, or DELETE FROM orders_table WHERE kafka_topic = \'orders\''))
COMMENT 'millrace stand millrace 8c6176becb90ebaf';

-- there is no orders_dead_letters_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS orders_dead_letters_mv TO dead_letters AS
WITH (
    SELECT (
        groupArray(kafka_partition),
        groupArray(last_offset + 1),
        groupArray(latest),
        groupArrayArray([cityHash64(kafka_partition, first_offset), cityHash64(kafka_partition, last_offset)]),
        groupArrayArray([first_time, last_time]))
    FROM (
        SELECT
            kafka_partition,
            max(kafka_offset) AS last_offset,
            max(kafka_timestamp) AS latest,
            min(kafka_offset) AS first_offset,
            argMin(kafka_timestamp, kafka_offset) AS first_time,
            argMax(kafka_timestamp, kafka_offset) AS last_time
        FROM dead_letters WHERE kafka_topic = 'orders' GROUP BY kafka_partition
    )
) AS stored,
p.kafka_offset >= transform(p.kafka_partition, stored.1, stored.2, toUInt64(0)) AS is_past,
p.kafka_timestamp > transform(p.kafka_partition, stored.1, stored.3, p.kafka_timestamp) AS is_later,
p.kafka_timestamp != transform(cityHash64(p.kafka_partition, p.kafka_offset), stored.4, stored.5, p.kafka_timestamp) AS is_another,
['event_id', 'event_time', 'user_id', 'session_id', 'product_id', 'quantity', 'amount', 'currency', 'coupon', 'country', 'ip'] AS names,
['UUID', 'DateTime64(3)', 'UInt64', 'UUID', 'UInt64', 'UInt16', 'Decimal(18, 2)', 'LowCardinality(String)', 'String', 'LowCardinality(String)', 'IPv4'] AS types,
if(isValidJSON(p.message), p.message, p.sent_json) AS readable,
[replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'event_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'event_time'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'user_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'session_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'product_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'quantity'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'amount'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'currency'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'coupon'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'country'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'ip'), '"﷐', ''), '﷐"', '')] AS sent_values,
arrayFilter(
    (name, value, is_null, rejects) -> is_null AND has(rejects, multiIf(value = '', 'missing', value = 'null', 'null', 'invalid')),
    names,
    sent_values,
    [isNull(p.event_id), isNull(p.event_time), isNull(p.user_id), isNull(p.session_id), isNull(p.product_id), isNull(p.quantity), isNull(p.amount), isNull(p.currency), isNull(p.coupon), isNull(p.country), isNull(p.ip)],
    [['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid']]
) AS failed
SELECT
    p.kafka_topic,
    p.kafka_partition,
    p.kafka_offset,
    p.kafka_timestamp,
    p.kafka_key,
    p.message,
    p.kafka_header_names,
    p.kafka_header_values,
    if(JSONType(readable) = 'Object', failed, []) AS failed_columns,
    multiIf(
        NOT isValidJSON(readable), 'not valid JSON',
        JSONType(readable) != 'Object', concat('not a JSON object but ', toString(JSONType(readable))),
        arrayStringConcat(arrayMap(
            name -> concat(name, ' ', transform(sent_values[indexOf(names, name)], ['', 'null'], ['is missing', 'is null'],
                concat('is not a valid ', transform(name, names, types, ''), ': ',
                    substring(sent_values[indexOf(names, name)], 1, 100)))),
            failed), '; ')
    ) AS reason,
    now64(3) AS inserted_at,
    true AS headers_kept
FROM orders_reparsed AS p
WHERE if(is_past, NOT p.valid, throwIf(NOT is_past AND ((NOT p.valid AND is_later) OR is_another), 'orders was made anew or lost its end, but dead_letters holds rows of the topic before it: RENAME TABLE dead_letters, give the stream a new one, or DELETE FROM dead_letters WHERE kafka_topic = \'orders\''))
COMMENT 'millrace stand millrace b84dd9fa04068226';

-- there is no orders_rejected
CREATE TABLE IF NOT EXISTS orders_rejected
(
    kafka_topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_timestamp DateTime64(3),
    kafka_key String,
    message String,
    kafka_header_names Array(String),
    kafka_header_values Array(String),
    valid Bool,
    is_lossy Bool,
    inexact Bool
)
ENGINE = Null
COMMENT 'millrace stand millrace 03a6b51e66bd2f85';

-- there is no orders_reparse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS orders_reparse_mv TO orders_reparsed AS
SELECT
    accurateCastOrNull(texts[1], 'UUID') AS event_id,
    if(((match(texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(texts[2], '-00') = 0) OR match(texts[2], '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(texts[2], 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(texts[3], 'UInt64') AS user_id,
    accurateCastOrNull(texts[4], 'UUID') AS session_id,
    accurateCastOrNull(texts[5], 'UInt64') AS product_id,
    accurateCastOrNull(texts[6], 'UInt16') AS quantity,
    if(match(texts[7], '^-?[0-9]+[.]?[0-9]{0,2}$') OR (match(texts[7], '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$') AND length(extract(texts[7], '[.]([0-9]*)')) - length(extract(replaceOne(texts[7], '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(texts[7], '[eE]([+-]?[0-9]+)')) <= 2), accurateCastOrNull(texts[7], 'Decimal(18, 2)'), NULL) AS amount,
    texts[8] AS currency,
    texts[9] AS coupon,
    texts[10] AS country,
    accurateCastOrNull(texts[11], 'IPv4') AS ip,
    kafka_topic,
    kafka_partition,
    kafka_offset,
    kafka_timestamp,
    kafka_key,
    message,
    kafka_header_names,
    kafka_header_values,
    sent_json,
    (if(is_lossy, JSONType(sent_json) = 'Object', startsWith(message, '{') OR JSONType(message) = 'Object'))
        AND event_id IS NOT NULL
        AND event_time IS NOT NULL
        AND user_id IS NOT NULL
        AND session_id IS NOT NULL
        AND product_id IS NOT NULL
        AND quantity IS NOT NULL
        AND amount IS NOT NULL
        AND currency IS NOT NULL
        AND country IS NOT NULL
        AND ip IS NOT NULL AS valid,
    inexact
FROM (
    SELECT *, if(is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), CAST([fields.event_id, fields.event_time, fields.user_id, fields.session_id, fields.product_id, fields.quantity, fields.amount, fields.currency, fields.coupon, fields.country, fields.ip], 'Array(Nullable(String))')), [fields.event_id, fields.event_time, fields.user_id, fields.session_id, fields.product_id, fields.quantity, fields.amount, fields.currency, fields.coupon, fields.country, fields.ip]) AS texts
    FROM (
        SELECT *, if(is_lossy OR NOT valid, if(length(arrayStringConcat(extractAll(message, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(message), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(message, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), '') AS sent_json, if(is_lossy, sent_json, message) AS json, JSONExtract(json, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), product_id Nullable(String), quantity Nullable(String), amount Nullable(String), currency Nullable(String), coupon Nullable(String), country Nullable(String), ip Nullable(String))') AS fields
        FROM orders_rejected
    )
)
COMMENT 'millrace stand millrace cdf05e4a4be9e0e8';

-- there is no orders_rejected_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS orders_rejected_mv TO orders_rejected AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, kafka_key, message, kafka_header_names, kafka_header_values, valid, is_lossy, inexact FROM orders_parsed WHERE NOT valid OR inexact
COMMENT 'millrace stand millrace 07a421f6624356b7';

-- there is no orders_queue
CREATE TABLE IF NOT EXISTS orders_queue
(
    message String
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = 'kafka:9092',
    kafka_topic_list = 'orders',
    kafka_group_name = 'clickhouse_router_group',
    kafka_format = 'RawBLOB',
    kafka_flush_interval_ms = 200,
    kafka_poll_timeout_ms = 50,
    kafka_consumer_reschedule_ms = 0,
    kafka_max_block_size = 131072,
    kafka_poll_max_batch_size = 131072
COMMENT 'millrace stand millrace 6f515b813b6ae251';

-- there is no orders_parse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS orders_parse_mv TO orders_parsed AS
WITH
    JSONExtract(message, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), product_id Nullable(String), quantity Nullable(String), amount Nullable(String), currency Nullable(String), coupon Nullable(String), country Nullable(String), ip Nullable(String))') AS fields,
    (fields.event_id IS NULL AND NOT isValidJSON(message))
        OR (length(assumeNotNull(fields.user_id)) > 15 AND (length(assumeNotNull(fields.user_id)) < 18 OR endsWith(assumeNotNull(fields.user_id), '0')) AND JSONType(message, 'user_id') = 'Double')
        OR (length(assumeNotNull(fields.product_id)) > 15 AND (length(assumeNotNull(fields.product_id)) < 18 OR endsWith(assumeNotNull(fields.product_id), '0')) AND JSONType(message, 'product_id') = 'Double')
        OR (length(assumeNotNull(fields.amount)) > 15 AND JSONType(message, 'amount') = 'Double')
        OR (ascii(assumeNotNull(fields.currency)) IN (91, 123) AND JSONType(message, 'currency') != 'String')
        OR (ascii(assumeNotNull(fields.coupon)) IN (91, 123) AND JSONType(message, 'coupon') != 'String')
        OR (ascii(assumeNotNull(fields.country)) IN (91, 123) AND JSONType(message, 'country') != 'String') AS is_lossy
SELECT
    accurateCastOrNull(fields.event_id, 'UUID') AS event_id,
    if(((match(fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(fields.event_time, '-00') = 0) OR match(fields.event_time, '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(fields.event_time, 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(fields.user_id, 'UInt64') AS user_id,
    accurateCastOrNull(fields.session_id, 'UUID') AS session_id,
    accurateCastOrNull(fields.product_id, 'UInt64') AS product_id,
    accurateCastOrNull(fields.quantity, 'UInt16') AS quantity,
    if(match(fields.amount, '^-?[0-9]+[.]?[0-9]{0,2}$') OR (match(fields.amount, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$') AND length(extract(fields.amount, '[.]([0-9]*)')) - length(extract(replaceOne(fields.amount, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(fields.amount, '[eE]([+-]?[0-9]+)')) <= 2), accurateCastOrNull(fields.amount, 'Decimal(18, 2)'), NULL) AS amount,
    fields.currency AS currency,
    fields.coupon AS coupon,
    fields.country AS country,
    accurateCastOrNull(fields.ip, 'IPv4') AS ip,
    _topic AS kafka_topic,
    toUInt32(_partition) AS kafka_partition,
    _offset AS kafka_offset,
    ifNull(_timestamp_ms, toDateTime64(0, 3)) AS kafka_timestamp,
    _key AS kafka_key,
    message,
    _headers.name AS kafka_header_names,
    _headers.value AS kafka_header_values,
    (startsWith(message, '{') OR JSONType(message) = 'Object')
        AND event_id IS NOT NULL
        AND event_time IS NOT NULL
        AND user_id IS NOT NULL
        AND session_id IS NOT NULL
        AND product_id IS NOT NULL
        AND quantity IS NOT NULL
        AND amount IS NOT NULL
        AND currency IS NOT NULL
        AND country IS NOT NULL
        AND ip IS NOT NULL AS valid,
    is_lossy,
    max(is_lossy) OVER () AS inexact
FROM orders_queue
COMMENT 'millrace stand millrace ef93d17cc9c4d509';

