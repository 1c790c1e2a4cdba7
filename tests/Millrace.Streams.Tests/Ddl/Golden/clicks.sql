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

-- there is no clicks_table
CREATE TABLE IF NOT EXISTS clicks_table
(
    event_id UUID,
    event_time DateTime64(3),
    user_id UInt64,
    session_id UUID,
    element LowCardinality(String),
    product_id UInt64,
    x UInt16,
    y UInt16,
    device LowCardinality(String),
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

-- there is no clicks_parsed
CREATE TABLE IF NOT EXISTS clicks_parsed
(
    event_id Nullable(UUID) COMMENT 'from $.event_id; rejects missing, null, invalid',
    event_time Nullable(DateTime64(3)) COMMENT 'from $.event_time; rejects missing, null, invalid',
    user_id Nullable(UInt64) COMMENT 'from $.user_id; rejects missing, null, invalid, digits',
    session_id Nullable(UUID) COMMENT 'from $.session_id; rejects missing, null, invalid',
    element LowCardinality(Nullable(String)) COMMENT 'from $.element; rejects missing, null',
    product_id Nullable(UInt64) COMMENT 'from $.product_id; rejects missing, null, invalid, digits',
    x Nullable(UInt16) COMMENT 'from $.x; rejects missing, null, invalid, digits',
    y Nullable(UInt16) COMMENT 'from $.y; rejects missing, null, invalid, digits',
    device LowCardinality(Nullable(String)) COMMENT 'from $.device; rejects missing, null',
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
COMMENT 'millrace stand millrace 6d67866947364192';

-- there is no clicks_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_mv TO clicks_table AS
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
        FROM clicks_table WHERE kafka_topic = 'user_clicks' GROUP BY kafka_partition
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
    assumeNotNull(p.element) AS element,
    assumeNotNull(p.product_id) AS product_id,
    assumeNotNull(p.x) AS x,
    assumeNotNull(p.y) AS y,
    assumeNotNull(p.device) AS device,
    p.kafka_topic,
    p.kafka_partition,
    p.kafka_offset,
    p.kafka_timestamp,
    now64(3) AS inserted_at
FROM clicks_parsed AS p
WHERE NOT p.inexact AND if(is_past, p.valid, throwIf(NOT is_past AND ((p.valid AND is_later) OR is_another), 'user_clicks was made anew or lost its end, but clicks_table holds rows of the topic before it: RENAME TABLE clicks_table, give the stream a new one, or DELETE FROM clicks_table WHERE kafka_topic = \'user_clicks\''))
COMMENT 'millrace stand millrace fad18c1b05c6b718';

-- there is no clicks_reparsed
CREATE TABLE IF NOT EXISTS clicks_reparsed
(
    event_id Nullable(UUID),
    event_time Nullable(DateTime64(3)),
    user_id Nullable(UInt64),
    session_id Nullable(UUID),
    element LowCardinality(Nullable(String)),
    product_id Nullable(UInt64),
    x Nullable(UInt16),
    y Nullable(UInt16),
    device LowCardinality(Nullable(String)),
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
COMMENT 'millrace stand millrace 005c66bc1309997d';

-- there is no clicks_exact_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_exact_mv TO clicks_table AS
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
        FROM clicks_table WHERE kafka_topic = 'user_clicks' GROUP BY kafka_partition
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
    assumeNotNull(p.element) AS element,
    assumeNotNull(p.product_id) AS product_id,
    assumeNotNull(p.x) AS x,
    assumeNotNull(p.y) AS y,
    assumeNotNull(p.device) AS device,
    p.kafka_topic,
    p.kafka_partition,
    p.kafka_offset,
    p.kafka_timestamp,
    now64(3) AS inserted_at
FROM clicks_reparsed AS p
WHERE p.inexact AND if(is_past, p.valid, throwIf(NOT is_past AND ((p.valid AND is_later) OR is_another), 'user_clicks was made anew or lost its end, but clicks_table holds rows of the topic before it: RENAME TABLE clicks_table, give the stream a new one, or DELETE FROM clicks_table WHERE kafka_topic = \'user_clicks\''))
COMMENT 'millrace stand millrace 3b47c166a145c60d';

-- there is no clicks_dead_letters_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_dead_letters_mv TO dead_letters AS
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
        FROM dead_letters WHERE kafka_topic = 'user_clicks' GROUP BY kafka_partition
    )
) AS stored,
p.kafka_offset >= transform(p.kafka_partition, stored.1, stored.2, toUInt64(0)) AS is_past,
p.kafka_timestamp > transform(p.kafka_partition, stored.1, stored.3, p.kafka_timestamp) AS is_later,
p.kafka_timestamp != transform(cityHash64(p.kafka_partition, p.kafka_offset), stored.4, stored.5, p.kafka_timestamp) AS is_another,
['event_id', 'event_time', 'user_id', 'session_id', 'element', 'product_id', 'x', 'y', 'device'] AS names,
['UUID', 'DateTime64(3)', 'UInt64', 'UUID', 'LowCardinality(String)', 'UInt64', 'UInt16', 'UInt16', 'LowCardinality(String)'] AS types,
if(isValidJSON(p.message), p.message, p.sent_json) AS readable,
[replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'event_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'event_time'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'user_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'session_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'element'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'product_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'x'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'y'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(p.sent_json, 'device'), '"﷐', ''), '﷐"', '')] AS sent_values,
arrayFilter(
    (name, value, is_null, rejects) -> is_null AND has(rejects, multiIf(value = '', 'missing', value = 'null', 'null', 'invalid')),
    names,
    sent_values,
    [isNull(p.event_id), isNull(p.event_time), isNull(p.user_id), isNull(p.session_id), isNull(p.element), isNull(p.product_id), isNull(p.x), isNull(p.y), isNull(p.device)],
    [['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid']]
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
FROM clicks_reparsed AS p
WHERE if(is_past, NOT p.valid, throwIf(NOT is_past AND ((NOT p.valid AND is_later) OR is_another), 'user_clicks was made anew or lost its end, but dead_letters holds rows of the topic before it: RENAME TABLE dead_letters, give the stream a new one, or DELETE FROM dead_letters WHERE kafka_topic = \'user_clicks\''))
COMMENT 'millrace stand millrace c99535ba8549eb04';

-- there is no clicks_rejected
CREATE TABLE IF NOT EXISTS clicks_rejected
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
COMMENT 'millrace stand millrace ec128e6633000049';

-- there is no clicks_reparse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_reparse_mv TO clicks_reparsed AS
SELECT
    accurateCastOrNull(texts[1], 'UUID') AS event_id,
    if(((match(texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(texts[2], '-00') = 0) OR match(texts[2], '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(texts[2], 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(texts[3], 'UInt64') AS user_id,
    accurateCastOrNull(texts[4], 'UUID') AS session_id,
    texts[5] AS element,
    accurateCastOrNull(texts[6], 'UInt64') AS product_id,
    accurateCastOrNull(texts[7], 'UInt16') AS x,
    accurateCastOrNull(texts[8], 'UInt16') AS y,
    texts[9] AS device,
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
        AND element IS NOT NULL
        AND product_id IS NOT NULL
        AND x IS NOT NULL
        AND y IS NOT NULL
        AND device IS NOT NULL AS valid,
    inexact
FROM (
    SELECT *, if(is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), CAST([fields.event_id, fields.event_time, fields.user_id, fields.session_id, fields.element, fields.product_id, fields.x, fields.y, fields.device], 'Array(Nullable(String))')), [fields.event_id, fields.event_time, fields.user_id, fields.session_id, fields.element, fields.product_id, fields.x, fields.y, fields.device]) AS texts
    FROM (
        SELECT *, if(is_lossy OR NOT valid, if(length(arrayStringConcat(extractAll(message, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(message), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(message, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), '') AS sent_json, if(is_lossy, sent_json, message) AS json, JSONExtract(json, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), element Nullable(String), product_id Nullable(String), x Nullable(String), y Nullable(String), device Nullable(String))') AS fields
        FROM clicks_rejected
    )
)
COMMENT 'millrace stand millrace 11eb8c7c82780c55';

-- there is no clicks_rejected_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_rejected_mv TO clicks_rejected AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, kafka_key, message, kafka_header_names, kafka_header_values, valid, is_lossy, inexact FROM clicks_parsed WHERE NOT valid OR inexact
COMMENT 'millrace stand millrace 436a1a52912696e3';

-- there is no clicks_queue
CREATE TABLE IF NOT EXISTS clicks_queue
(
    message String
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = 'kafka:9092',
    kafka_topic_list = 'user_clicks',
    kafka_group_name = 'clickhouse_router_group',
    kafka_format = 'RawBLOB',
    kafka_flush_interval_ms = 200,
    kafka_poll_timeout_ms = 50,
    kafka_consumer_reschedule_ms = 0,
    kafka_max_block_size = 131072,
    kafka_poll_max_batch_size = 131072
COMMENT 'millrace stand millrace ce68293e9fc5150d';

-- there is no clicks_parse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_parse_mv TO clicks_parsed AS
WITH
    JSONExtract(message, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), element Nullable(String), product_id Nullable(String), x Nullable(String), y Nullable(String), device Nullable(String))') AS fields,
    (fields.event_id IS NULL AND NOT isValidJSON(message))
        OR (length(assumeNotNull(fields.user_id)) > 15 AND (length(assumeNotNull(fields.user_id)) < 18 OR endsWith(assumeNotNull(fields.user_id), '0')) AND JSONType(message, 'user_id') = 'Double')
        OR (ascii(assumeNotNull(fields.element)) IN (91, 123) AND JSONType(message, 'element') != 'String')
        OR (length(assumeNotNull(fields.product_id)) > 15 AND (length(assumeNotNull(fields.product_id)) < 18 OR endsWith(assumeNotNull(fields.product_id), '0')) AND JSONType(message, 'product_id') = 'Double')
        OR (ascii(assumeNotNull(fields.device)) IN (91, 123) AND JSONType(message, 'device') != 'String') AS is_lossy
SELECT
    accurateCastOrNull(fields.event_id, 'UUID') AS event_id,
    if(((match(fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(fields.event_time, '-00') = 0) OR match(fields.event_time, '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(fields.event_time, 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(fields.user_id, 'UInt64') AS user_id,
    accurateCastOrNull(fields.session_id, 'UUID') AS session_id,
    fields.element AS element,
    accurateCastOrNull(fields.product_id, 'UInt64') AS product_id,
    accurateCastOrNull(fields.x, 'UInt16') AS x,
    accurateCastOrNull(fields.y, 'UInt16') AS y,
    fields.device AS device,
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
        AND element IS NOT NULL
        AND product_id IS NOT NULL
        AND x IS NOT NULL
        AND y IS NOT NULL
        AND device IS NOT NULL AS valid,
    is_lossy,
    max(is_lossy) OVER () AS inexact
FROM clicks_queue
COMMENT 'millrace stand millrace 6872c63c16301966';

