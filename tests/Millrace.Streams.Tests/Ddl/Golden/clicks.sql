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
    kafka_value String,
    kafka_header_names Array(String),
    kafka_header_values Array(String),
    _valid Bool,
    _is_lossy Bool,
    _inexact Bool
)
ENGINE = Null
COMMENT 'millrace stand millrace 6a3b4931646aa206';

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
) AS _stored,
_p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
_p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
_p.kafka_timestamp != transform(cityHash64(_p.kafka_partition, _p.kafka_offset), _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another
SELECT
    assumeNotNull(_p.event_id) AS event_id,
    assumeNotNull(_p.event_time) AS event_time,
    assumeNotNull(_p.user_id) AS user_id,
    assumeNotNull(_p.session_id) AS session_id,
    assumeNotNull(_p.element) AS element,
    assumeNotNull(_p.product_id) AS product_id,
    assumeNotNull(_p.x) AS x,
    assumeNotNull(_p.y) AS y,
    assumeNotNull(_p.device) AS device,
    _p.kafka_topic,
    _p.kafka_partition,
    _p.kafka_offset,
    _p.kafka_timestamp,
    now64(3) AS inserted_at
FROM clicks_parsed AS _p
WHERE NOT _p._inexact AND if(_is_past, _p._valid, throwIf(NOT _is_past AND ((_p._valid AND _is_later) OR _is_another), 'user_clicks was made anew or lost its end, but clicks_table holds rows of the topic before it: RENAME TABLE clicks_table, give the stream a new one, or DELETE FROM clicks_table WHERE kafka_topic = \'user_clicks\''))
COMMENT 'millrace stand millrace 43b64d4793ff045f';

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
    kafka_value String,
    kafka_header_names Array(String),
    kafka_header_values Array(String),
    _sent_json String,
    _valid Bool,
    _inexact Bool
)
ENGINE = Null
COMMENT 'millrace stand millrace dc323f53eda9a89b';

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
) AS _stored,
_p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
_p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
_p.kafka_timestamp != transform(cityHash64(_p.kafka_partition, _p.kafka_offset), _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another
SELECT
    assumeNotNull(_p.event_id) AS event_id,
    assumeNotNull(_p.event_time) AS event_time,
    assumeNotNull(_p.user_id) AS user_id,
    assumeNotNull(_p.session_id) AS session_id,
    assumeNotNull(_p.element) AS element,
    assumeNotNull(_p.product_id) AS product_id,
    assumeNotNull(_p.x) AS x,
    assumeNotNull(_p.y) AS y,
    assumeNotNull(_p.device) AS device,
    _p.kafka_topic,
    _p.kafka_partition,
    _p.kafka_offset,
    _p.kafka_timestamp,
    now64(3) AS inserted_at
FROM clicks_reparsed AS _p
WHERE _p._inexact AND if(_is_past, _p._valid, throwIf(NOT _is_past AND ((_p._valid AND _is_later) OR _is_another), 'user_clicks was made anew or lost its end, but clicks_table holds rows of the topic before it: RENAME TABLE clicks_table, give the stream a new one, or DELETE FROM clicks_table WHERE kafka_topic = \'user_clicks\''))
COMMENT 'millrace stand millrace 0cfe5a428f48f0bb';

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
) AS _stored,
_p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
_p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
_p.kafka_timestamp != transform(cityHash64(_p.kafka_partition, _p.kafka_offset), _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another,
['event_id', 'event_time', 'user_id', 'session_id', 'element', 'product_id', 'x', 'y', 'device'] AS _names,
['UUID', 'DateTime64(3)', 'UInt64', 'UUID', 'LowCardinality(String)', 'UInt64', 'UInt16', 'UInt16', 'LowCardinality(String)'] AS _types,
if(isValidJSON(_p.kafka_value), _p.kafka_value, _p._sent_json) AS _readable,
[replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'event_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'event_time'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'user_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'session_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'element'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'product_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'x'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'y'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'device'), '"﷐', ''), '﷐"', '')] AS _sent_values,
arrayFilter(
    (name, value, is_null, rejects) -> is_null AND has(rejects, multiIf(value = '', 'missing', value = 'null', 'null', 'invalid')),
    _names,
    _sent_values,
    [isNull(_p.event_id), isNull(_p.event_time), isNull(_p.user_id), isNull(_p.session_id), isNull(_p.element), isNull(_p.product_id), isNull(_p.x), isNull(_p.y), isNull(_p.device)],
    [['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid']]
) AS _failed
SELECT
    _p.kafka_topic,
    _p.kafka_partition,
    _p.kafka_offset,
    _p.kafka_timestamp,
    _p.kafka_key,
    _p.kafka_value AS message,
    _p.kafka_header_names,
    _p.kafka_header_values,
    if(JSONType(_readable) = 'Object', _failed, []) AS failed_columns,
    multiIf(
        NOT isValidJSON(_readable), 'not valid JSON',
        JSONType(_readable) != 'Object', concat('not a JSON object but ', toString(JSONType(_readable))),
        arrayStringConcat(arrayMap(
            name -> concat(name, ' ', transform(_sent_values[indexOf(_names, name)], ['', 'null'], ['is missing', 'is null'],
                concat('is not a valid ', transform(name, _names, _types, ''), ': ',
                    substring(_sent_values[indexOf(_names, name)], 1, 100)))),
            _failed), '; ')
    ) AS reason,
    now64(3) AS inserted_at,
    true AS headers_kept
FROM clicks_reparsed AS _p
WHERE if(_is_past, NOT _p._valid, throwIf(NOT _is_past AND ((NOT _p._valid AND _is_later) OR _is_another), 'user_clicks was made anew or lost its end, but dead_letters holds rows of the topic before it: RENAME TABLE dead_letters, give the stream a new one, or DELETE FROM dead_letters WHERE kafka_topic = \'user_clicks\''))
COMMENT 'millrace stand millrace b92094b3b1bfa658';

-- there is no clicks_rejected
CREATE TABLE IF NOT EXISTS clicks_rejected
(
    kafka_topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_timestamp DateTime64(3),
    kafka_key String,
    kafka_value String,
    kafka_header_names Array(String),
    kafka_header_values Array(String),
    _valid Bool,
    _is_lossy Bool,
    _inexact Bool
)
ENGINE = Null
COMMENT 'millrace stand millrace bf8c55921aebe2b1';

-- there is no clicks_reparse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_reparse_mv TO clicks_reparsed AS
SELECT
    accurateCastOrNull(_texts[1], 'UUID') AS event_id,
    if(((match(_texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(_texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(_texts[2], '-00') = 0) OR match(_texts[2], '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(_texts[2], 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(_texts[3], 'UInt64') AS user_id,
    accurateCastOrNull(_texts[4], 'UUID') AS session_id,
    _texts[5] AS element,
    accurateCastOrNull(_texts[6], 'UInt64') AS product_id,
    accurateCastOrNull(_texts[7], 'UInt16') AS x,
    accurateCastOrNull(_texts[8], 'UInt16') AS y,
    _texts[9] AS device,
    kafka_topic,
    kafka_partition,
    kafka_offset,
    kafka_timestamp,
    kafka_key,
    kafka_value,
    kafka_header_names,
    kafka_header_values,
    _sent_json,
    (if(_is_lossy, JSONType(_sent_json) = 'Object', startsWith(kafka_value, '{') OR JSONType(kafka_value) = 'Object'))
        AND event_id IS NOT NULL
        AND event_time IS NOT NULL
        AND user_id IS NOT NULL
        AND session_id IS NOT NULL
        AND element IS NOT NULL
        AND product_id IS NOT NULL
        AND x IS NOT NULL
        AND y IS NOT NULL
        AND device IS NOT NULL AS _valid,
    _inexact
FROM (
    SELECT *, if(_is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), CAST([_fields.event_id, _fields.event_time, _fields.user_id, _fields.session_id, _fields.element, _fields.product_id, _fields.x, _fields.y, _fields.device], 'Array(Nullable(String))')), [_fields.event_id, _fields.event_time, _fields.user_id, _fields.session_id, _fields.element, _fields.product_id, _fields.x, _fields.y, _fields.device]) AS _texts
    FROM (
        SELECT *, if(_is_lossy OR NOT _valid, if(length(arrayStringConcat(extractAll(kafka_value, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(kafka_value), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(kafka_value, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), '') AS _sent_json, if(_is_lossy, _sent_json, kafka_value) AS _json, JSONExtract(_json, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), element Nullable(String), product_id Nullable(String), x Nullable(String), y Nullable(String), device Nullable(String))') AS _fields
        FROM clicks_rejected
    )
)
COMMENT 'millrace stand millrace 3874edfc67cae058';

-- there is no clicks_rejected_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_rejected_mv TO clicks_rejected AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, kafka_key, kafka_value, kafka_header_names, kafka_header_values, _valid, _is_lossy, _inexact FROM clicks_parsed WHERE NOT _valid OR _inexact
COMMENT 'millrace stand millrace fa39fefd825fec6a';

-- there is no clicks_queue
CREATE TABLE IF NOT EXISTS clicks_queue
(
    kafka_value String
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
COMMENT 'millrace stand millrace 29fc76a70f2d0a9b';

-- there is no clicks_parse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_parse_mv TO clicks_parsed AS
WITH
    JSONExtract(kafka_value, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), element Nullable(String), product_id Nullable(String), x Nullable(String), y Nullable(String), device Nullable(String))') AS _fields,
    (_fields.event_id IS NULL AND NOT isValidJSON(kafka_value))
        OR (length(assumeNotNull(_fields.user_id)) > 15 AND (length(assumeNotNull(_fields.user_id)) < 18 OR endsWith(assumeNotNull(_fields.user_id), '0')) AND JSONType(kafka_value, 'user_id') = 'Double')
        OR (ascii(assumeNotNull(_fields.element)) IN (91, 123) AND JSONType(kafka_value, 'element') != 'String')
        OR (length(assumeNotNull(_fields.product_id)) > 15 AND (length(assumeNotNull(_fields.product_id)) < 18 OR endsWith(assumeNotNull(_fields.product_id), '0')) AND JSONType(kafka_value, 'product_id') = 'Double')
        OR (ascii(assumeNotNull(_fields.device)) IN (91, 123) AND JSONType(kafka_value, 'device') != 'String') AS _is_lossy
SELECT
    accurateCastOrNull(_fields.event_id, 'UUID') AS event_id,
    if(((match(_fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(_fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(_fields.event_time, '-00') = 0) OR match(_fields.event_time, '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(_fields.event_time, 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(_fields.user_id, 'UInt64') AS user_id,
    accurateCastOrNull(_fields.session_id, 'UUID') AS session_id,
    _fields.element AS element,
    accurateCastOrNull(_fields.product_id, 'UInt64') AS product_id,
    accurateCastOrNull(_fields.x, 'UInt16') AS x,
    accurateCastOrNull(_fields.y, 'UInt16') AS y,
    _fields.device AS device,
    _topic AS kafka_topic,
    toUInt32(_partition) AS kafka_partition,
    _offset AS kafka_offset,
    ifNull(_timestamp_ms, toDateTime64(0, 3)) AS kafka_timestamp,
    _key AS kafka_key,
    kafka_value,
    _headers.name AS kafka_header_names,
    _headers.value AS kafka_header_values,
    (startsWith(kafka_value, '{') OR JSONType(kafka_value) = 'Object')
        AND event_id IS NOT NULL
        AND event_time IS NOT NULL
        AND user_id IS NOT NULL
        AND session_id IS NOT NULL
        AND element IS NOT NULL
        AND product_id IS NOT NULL
        AND x IS NOT NULL
        AND y IS NOT NULL
        AND device IS NOT NULL AS _valid,
    _is_lossy,
    max(_is_lossy) OVER () AS _inexact
FROM clicks_queue
COMMENT 'millrace stand millrace 49d10859f0c756ae';

