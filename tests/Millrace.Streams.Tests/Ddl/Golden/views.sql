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

-- there is no views_table
CREATE TABLE IF NOT EXISTS views_table
(
    event_id UUID,
    event_time DateTime64(3),
    user_id UInt64,
    session_id UUID,
    page LowCardinality(String),
    product_id UInt64,
    referrer LowCardinality(Nullable(String)),
    country LowCardinality(String),
    device LowCardinality(String),
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

-- there is no views_parsed
CREATE TABLE IF NOT EXISTS views_parsed
(
    event_id Nullable(UUID) COMMENT 'from $.event_id; rejects missing, null, invalid',
    event_time Nullable(DateTime64(3)) COMMENT 'from $.event_time; rejects missing, null, invalid',
    user_id Nullable(UInt64) COMMENT 'from $.user_id; rejects missing, null, invalid, digits',
    session_id Nullable(UUID) COMMENT 'from $.session_id; rejects missing, null, invalid',
    page LowCardinality(Nullable(String)) COMMENT 'from $.page; rejects missing, null',
    product_id Nullable(UInt64) COMMENT 'from $.product_id; rejects missing, null, invalid, digits',
    referrer LowCardinality(Nullable(String)) COMMENT 'from $.referrer; rejects nothing',
    country LowCardinality(Nullable(String)) COMMENT 'from $.country; rejects missing, null',
    device LowCardinality(Nullable(String)) COMMENT 'from $.device; rejects missing, null',
    ip Nullable(IPv4) COMMENT 'from $.ip; rejects missing, null, invalid',
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
COMMENT 'millrace stand millrace 5a96e8b9dce849ca';

-- there is no views_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS views_mv TO views_table AS
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
        FROM views_table WHERE kafka_topic = 'page_views' GROUP BY kafka_partition
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
    assumeNotNull(_p.page) AS page,
    assumeNotNull(_p.product_id) AS product_id,
    _p.referrer,
    assumeNotNull(_p.country) AS country,
    assumeNotNull(_p.device) AS device,
    assumeNotNull(_p.ip) AS ip,
    _p.kafka_topic,
    _p.kafka_partition,
    _p.kafka_offset,
    _p.kafka_timestamp,
    now64(3) AS inserted_at
FROM views_parsed AS _p
WHERE NOT _p._inexact AND if(_is_past, _p._valid, throwIf(NOT _is_past AND ((_p._valid AND _is_later) OR _is_another), 'page_views was made anew or lost its end, but views_table holds rows of the topic before it: RENAME TABLE views_table, give the stream a new one, or DELETE FROM views_table WHERE kafka_topic = \'page_views\''))
COMMENT 'millrace stand millrace f8bc1d4074eed595';

-- there is no views_reparsed
CREATE TABLE IF NOT EXISTS views_reparsed
(
    event_id Nullable(UUID),
    event_time Nullable(DateTime64(3)),
    user_id Nullable(UInt64),
    session_id Nullable(UUID),
    page LowCardinality(Nullable(String)),
    product_id Nullable(UInt64),
    referrer LowCardinality(Nullable(String)),
    country LowCardinality(Nullable(String)),
    device LowCardinality(Nullable(String)),
    ip Nullable(IPv4),
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
COMMENT 'millrace stand millrace 2343401816632d66';

-- there is no views_exact_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS views_exact_mv TO views_table AS
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
        FROM views_table WHERE kafka_topic = 'page_views' GROUP BY kafka_partition
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
    assumeNotNull(_p.page) AS page,
    assumeNotNull(_p.product_id) AS product_id,
    _p.referrer,
    assumeNotNull(_p.country) AS country,
    assumeNotNull(_p.device) AS device,
    assumeNotNull(_p.ip) AS ip,
    _p.kafka_topic,
    _p.kafka_partition,
    _p.kafka_offset,
    _p.kafka_timestamp,
    now64(3) AS inserted_at
FROM views_reparsed AS _p
WHERE _p._inexact AND if(_is_past, _p._valid, throwIf(NOT _is_past AND ((_p._valid AND _is_later) OR _is_another), 'page_views was made anew or lost its end, but views_table holds rows of the topic before it: RENAME TABLE views_table, give the stream a new one, or DELETE FROM views_table WHERE kafka_topic = \'page_views\''))
COMMENT 'millrace stand millrace 256e1d5c0ded3f0d';

-- there is no views_dead_letters_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS views_dead_letters_mv TO dead_letters AS
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
        FROM dead_letters WHERE kafka_topic = 'page_views' GROUP BY kafka_partition
    )
) AS _stored,
_p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
_p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
_p.kafka_timestamp != transform(cityHash64(_p.kafka_partition, _p.kafka_offset), _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another,
['event_id', 'event_time', 'user_id', 'session_id', 'page', 'product_id', 'referrer', 'country', 'device', 'ip'] AS _names,
['UUID', 'DateTime64(3)', 'UInt64', 'UUID', 'LowCardinality(String)', 'UInt64', 'LowCardinality(String)', 'LowCardinality(String)', 'LowCardinality(String)', 'IPv4'] AS _types,
if(isValidJSON(_p.kafka_value), _p.kafka_value, _p._sent_json) AS _readable,
[replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'event_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'event_time'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'user_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'session_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'page'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'product_id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'referrer'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'country'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'device'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'ip'), '"﷐', ''), '﷐"', '')] AS _sent_values,
arrayFilter(
    (name, value, is_null, rejects) -> is_null AND has(rejects, multiIf(value = '', 'missing', value = 'null', 'null', 'invalid')),
    _names,
    _sent_values,
    [isNull(_p.event_id), isNull(_p.event_time), isNull(_p.user_id), isNull(_p.session_id), isNull(_p.page), isNull(_p.product_id), isNull(_p.referrer), isNull(_p.country), isNull(_p.device), isNull(_p.ip)],
    [['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['missing', 'null', 'invalid']]
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
FROM views_reparsed AS _p
WHERE if(_is_past, NOT _p._valid, throwIf(NOT _is_past AND ((NOT _p._valid AND _is_later) OR _is_another), 'page_views was made anew or lost its end, but dead_letters holds rows of the topic before it: RENAME TABLE dead_letters, give the stream a new one, or DELETE FROM dead_letters WHERE kafka_topic = \'page_views\''))
COMMENT 'millrace stand millrace 1da421cbbad304d2';

-- there is no views_rejected
CREATE TABLE IF NOT EXISTS views_rejected
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
COMMENT 'millrace stand millrace 2d0b2ab28fd80a69';

-- there is no views_reparse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS views_reparse_mv TO views_reparsed AS
SELECT
    accurateCastOrNull(_texts[1], 'UUID') AS event_id,
    if(((match(_texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(_texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(_texts[2], '-00') = 0) OR match(_texts[2], '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(_texts[2], 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(_texts[3], 'UInt64') AS user_id,
    accurateCastOrNull(_texts[4], 'UUID') AS session_id,
    _texts[5] AS page,
    accurateCastOrNull(_texts[6], 'UInt64') AS product_id,
    _texts[7] AS referrer,
    _texts[8] AS country,
    _texts[9] AS device,
    accurateCastOrNull(_texts[10], 'IPv4') AS ip,
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
        AND page IS NOT NULL
        AND product_id IS NOT NULL
        AND country IS NOT NULL
        AND device IS NOT NULL
        AND ip IS NOT NULL AS _valid,
    _inexact
FROM (
    SELECT *, if(_is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), CAST([_fields.event_id, _fields.event_time, _fields.user_id, _fields.session_id, _fields.page, _fields.product_id, _fields.referrer, _fields.country, _fields.device, _fields.ip], 'Array(Nullable(String))')), [_fields.event_id, _fields.event_time, _fields.user_id, _fields.session_id, _fields.page, _fields.product_id, _fields.referrer, _fields.country, _fields.device, _fields.ip]) AS _texts
    FROM (
        SELECT *, if(_is_lossy OR NOT _valid, if(length(arrayStringConcat(extractAll(kafka_value, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(kafka_value), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(kafka_value, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), '') AS _sent_json, if(_is_lossy, _sent_json, kafka_value) AS _json, JSONExtract(_json, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), page Nullable(String), product_id Nullable(String), referrer Nullable(String), country Nullable(String), device Nullable(String), ip Nullable(String))') AS _fields
        FROM views_rejected
    )
)
COMMENT 'millrace stand millrace 155c95c26422ffd7';

-- there is no views_rejected_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS views_rejected_mv TO views_rejected AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, kafka_key, kafka_value, kafka_header_names, kafka_header_values, _valid, _is_lossy, _inexact FROM views_parsed WHERE NOT _valid OR _inexact
COMMENT 'millrace stand millrace 7b4d0aa6414ceb70';

-- there is no views_queue
CREATE TABLE IF NOT EXISTS views_queue
(
    kafka_value String
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = 'kafka:9092',
    kafka_topic_list = 'page_views',
    kafka_group_name = 'clickhouse_router_group',
    kafka_format = 'RawBLOB',
    kafka_flush_interval_ms = 200,
    kafka_poll_timeout_ms = 50,
    kafka_consumer_reschedule_ms = 0,
    kafka_max_block_size = 131072,
    kafka_poll_max_batch_size = 131072
COMMENT 'millrace stand millrace e30f0e070ef42a12';

-- there is no views_parse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS views_parse_mv TO views_parsed AS
WITH
    JSONExtract(kafka_value, 'Tuple(event_id Nullable(String), event_time Nullable(String), user_id Nullable(String), session_id Nullable(String), page Nullable(String), product_id Nullable(String), referrer Nullable(String), country Nullable(String), device Nullable(String), ip Nullable(String))') AS _fields,
    (_fields.event_id IS NULL AND NOT isValidJSON(kafka_value))
        OR (length(assumeNotNull(_fields.user_id)) > 15 AND (length(assumeNotNull(_fields.user_id)) < 18 OR endsWith(assumeNotNull(_fields.user_id), '0')) AND JSONType(kafka_value, 'user_id') = 'Double')
        OR (ascii(assumeNotNull(_fields.page)) IN (91, 123) AND JSONType(kafka_value, 'page') != 'String')
        OR (length(assumeNotNull(_fields.product_id)) > 15 AND (length(assumeNotNull(_fields.product_id)) < 18 OR endsWith(assumeNotNull(_fields.product_id), '0')) AND JSONType(kafka_value, 'product_id') = 'Double')
        OR (ascii(assumeNotNull(_fields.referrer)) IN (91, 123) AND JSONType(kafka_value, 'referrer') != 'String')
        OR (ascii(assumeNotNull(_fields.country)) IN (91, 123) AND JSONType(kafka_value, 'country') != 'String')
        OR (ascii(assumeNotNull(_fields.device)) IN (91, 123) AND JSONType(kafka_value, 'device') != 'String') AS _is_lossy
SELECT
    accurateCastOrNull(_fields.event_id, 'UUID') AS event_id,
    if(((match(_fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(_fields.event_time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(_fields.event_time, '-00') = 0) OR match(_fields.event_time, '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(_fields.event_time, 3, 'UTC'), NULL) AS event_time,
    accurateCastOrNull(_fields.user_id, 'UInt64') AS user_id,
    accurateCastOrNull(_fields.session_id, 'UUID') AS session_id,
    _fields.page AS page,
    accurateCastOrNull(_fields.product_id, 'UInt64') AS product_id,
    _fields.referrer AS referrer,
    _fields.country AS country,
    _fields.device AS device,
    accurateCastOrNull(_fields.ip, 'IPv4') AS ip,
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
        AND page IS NOT NULL
        AND product_id IS NOT NULL
        AND country IS NOT NULL
        AND device IS NOT NULL
        AND ip IS NOT NULL AS _valid,
    _is_lossy,
    max(_is_lossy) OVER () AS _inexact
FROM views_queue
COMMENT 'millrace stand millrace 233d2ae11647fee2';

