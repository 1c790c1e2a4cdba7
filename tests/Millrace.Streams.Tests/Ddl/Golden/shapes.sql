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

-- there is no shapes_table
CREATE TABLE IF NOT EXISTS shapes_table
(
    id UInt64 COMMENT 'of the device' CODEC(Delta, ZSTD(1)),
    time DateTime64(3),
    tags Array(String),
    readings Array(Tuple(sensor LowCardinality(String), celsius Nullable(Float64))),
    limits Map(String, Int64) DEFAULT arrayMap(value -> CAST(value, 'Map(String, Int64)'), arrayMap(pairs -> arrayFilter((pair, count) -> count = 1, pairs, arrayEnumerateUniq(arrayMap(pair -> pair.1, pairs))), arrayMap(pairs -> arrayMap(pair -> (pair.1[1], pair.2[1]), pairs), arrayFilter(pairs -> arrayAll(pair -> notEmpty(pair.1) AND notEmpty(pair.2), pairs), arrayMap(pairs -> arrayMap((key, text) -> (arrayFilter(value -> value IS NOT NULL, [key]), arrayFilter(value -> value IS NOT NULL, [accurateCastOrNull(text, 'Int64')])), arrayMap(pair -> toNullable(pair.1), pairs), arrayMap(pair -> pair.2, pairs)), if(notEmpty(JSONExtractKeysAndValues(ifNull(toNullable('{"low":-10}'), ''), 'Nullable(String)')) OR match(ifNull(toNullable('{"low":-10}'), ''), '^\\s*\\{\\s*\\}\\s*$'), [JSONExtractKeysAndValues(ifNull(toNullable('{"low":-10}'), ''), 'Nullable(String)')], []))))))[1],
    extra JSON TTL toDateTime(time) + INTERVAL 30 DAY,
    day Date,
    kafka_topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    kafka_timestamp DateTime64(3),
    inserted_at DateTime64(3),
    PROJECTION stored_range (SELECT kafka_topic, kafka_partition, max(kafka_offset), max(kafka_timestamp), min(kafka_offset), argMin(kafka_timestamp, kafka_offset), argMax(kafka_timestamp, kafka_offset) GROUP BY kafka_topic, kafka_partition)
)
ENGINE = MergeTree
ORDER BY (id)
SETTINGS lightweight_mutation_projection_mode = 'rebuild', old_parts_lifetime = 60, min_bytes_for_wide_part = 134217728
COMMENT 'millrace stand millrace';

-- there is no shapes_parsed
CREATE TABLE IF NOT EXISTS shapes_parsed
(
    id Nullable(UInt64) COMMENT 'from $.id; rejects missing, null, invalid, digits',
    time Nullable(DateTime64(3)) COMMENT 'from $.time; rejects missing, null, invalid',
    tags Array(Array(String)) COMMENT 'from $.tags; rejects null, invalid',
    readings Array(Array(Tuple(sensor LowCardinality(String), celsius Nullable(Float64)))) COMMENT 'from $.readings; rejects missing, null, invalid',
    limits Array(Map(String, Int64)) COMMENT 'from $.limits; rejects null, invalid',
    extra Nullable(JSON) COMMENT 'from $.extra; rejects missing, null, invalid',
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
COMMENT 'millrace stand millrace d60e6fe8ae857beb';

-- there is no shapes_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS shapes_mv TO shapes_table AS
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
        FROM shapes_table WHERE kafka_topic = 'shapes' GROUP BY kafka_partition
    )
) AS _stored,
_p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
_p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
_p.kafka_timestamp != transform(cityHash64(_p.kafka_partition, _p.kafka_offset), _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another
SELECT
    assumeNotNull(_p.id) AS id,
    assumeNotNull(_p.time) AS time,
    _p.tags[1] AS tags,
    _p.readings[1] AS readings,
    _p.limits[1] AS limits,
    assumeNotNull(_p.extra) AS extra,
    (toDate(time)) AS day,
    _p.kafka_topic,
    _p.kafka_partition,
    _p.kafka_offset,
    _p.kafka_timestamp,
    now64(3) AS inserted_at
FROM shapes_parsed AS _p
WHERE NOT _p._inexact AND if(_is_past, _p._valid, throwIf(NOT _is_past AND ((_p._valid AND _is_later) OR _is_another), 'shapes was made anew or lost its end, but shapes_table holds rows of the topic before it: RENAME TABLE shapes_table, give the stream a new one, or DELETE FROM shapes_table WHERE kafka_topic = \'shapes\''))
COMMENT 'millrace stand millrace 892db0cfc07565b4';

-- there is no shapes_reparsed
CREATE TABLE IF NOT EXISTS shapes_reparsed
(
    id Nullable(UInt64),
    time Nullable(DateTime64(3)),
    tags Array(Array(String)),
    readings Array(Array(Tuple(sensor LowCardinality(String), celsius Nullable(Float64)))),
    limits Array(Map(String, Int64)),
    extra Nullable(JSON),
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
COMMENT 'millrace stand millrace 222ae6251370484b';

-- there is no shapes_exact_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS shapes_exact_mv TO shapes_table AS
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
        FROM shapes_table WHERE kafka_topic = 'shapes' GROUP BY kafka_partition
    )
) AS _stored,
_p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
_p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
_p.kafka_timestamp != transform(cityHash64(_p.kafka_partition, _p.kafka_offset), _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another
SELECT
    assumeNotNull(_p.id) AS id,
    assumeNotNull(_p.time) AS time,
    _p.tags[1] AS tags,
    _p.readings[1] AS readings,
    _p.limits[1] AS limits,
    assumeNotNull(_p.extra) AS extra,
    (toDate(time)) AS day,
    _p.kafka_topic,
    _p.kafka_partition,
    _p.kafka_offset,
    _p.kafka_timestamp,
    now64(3) AS inserted_at
FROM shapes_reparsed AS _p
WHERE _p._inexact AND if(_is_past, _p._valid, throwIf(NOT _is_past AND ((_p._valid AND _is_later) OR _is_another), 'shapes was made anew or lost its end, but shapes_table holds rows of the topic before it: RENAME TABLE shapes_table, give the stream a new one, or DELETE FROM shapes_table WHERE kafka_topic = \'shapes\''))
COMMENT 'millrace stand millrace ff988aa88736842e';

-- there is no shapes_dead_letters_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS shapes_dead_letters_mv TO dead_letters AS
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
        FROM dead_letters WHERE kafka_topic = 'shapes' GROUP BY kafka_partition
    )
) AS _stored,
_p.kafka_offset >= transform(_p.kafka_partition, _stored.1, _stored.2, toUInt64(0)) AS _is_past,
_p.kafka_timestamp > transform(_p.kafka_partition, _stored.1, _stored.3, _p.kafka_timestamp) AS _is_later,
_p.kafka_timestamp != transform(cityHash64(_p.kafka_partition, _p.kafka_offset), _stored.4, _stored.5, _p.kafka_timestamp) AS _is_another,
['id', 'time', 'tags', 'readings', 'limits', 'extra'] AS _names,
['UInt64', 'DateTime64(3)', 'Array(String)', 'Array(Tuple(sensor LowCardinality(String), celsius Nullable(Float64)))', 'Map(String, Int64)', 'JSON'] AS _types,
if(isValidJSON(_p.kafka_value), _p.kafka_value, _p._sent_json) AS _readable,
[replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'id'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'time'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'tags'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'readings'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'limits'), '"﷐', ''), '﷐"', ''), replaceAll(replaceAll(JSONExtractRaw(_p._sent_json, 'extra'), '"﷐', ''), '﷐"', '')] AS _sent_values,
arrayFilter(
    (name, value, is_null, rejects) -> is_null AND has(rejects, multiIf(value = '', 'missing', value = 'null', 'null', 'invalid')),
    _names,
    _sent_values,
    [isNull(_p.id), isNull(_p.time), empty(_p.tags), empty(_p.readings), empty(_p.limits), isNull(_p.extra)],
    [['missing', 'null', 'invalid'], ['missing', 'null', 'invalid'], ['null', 'invalid'], ['missing', 'null', 'invalid'], ['null', 'invalid'], ['missing', 'null', 'invalid']]
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
FROM shapes_reparsed AS _p
WHERE if(_is_past, NOT _p._valid, throwIf(NOT _is_past AND ((NOT _p._valid AND _is_later) OR _is_another), 'shapes was made anew or lost its end, but dead_letters holds rows of the topic before it: RENAME TABLE dead_letters, give the stream a new one, or DELETE FROM dead_letters WHERE kafka_topic = \'shapes\''))
COMMENT 'millrace stand millrace 6acd99835bb3b617';

-- there is no shapes_rejected
CREATE TABLE IF NOT EXISTS shapes_rejected
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
COMMENT 'millrace stand millrace 92cad5491531882b';

-- there is no shapes_reparse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS shapes_reparse_mv TO shapes_reparsed AS
SELECT
    accurateCastOrNull(_texts[1], 'UInt64') AS id,
    if(((match(_texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(_texts[2], '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(_texts[2], '-00') = 0) OR match(_texts[2], '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(_texts[2], 3, 'UTC'), NULL) AS time,
    if(_texts[3] IS NULL AND NOT JSONHas(_json, 'tags'), [defaultValueOfTypeName('Array(String)')], arrayMap(value -> CAST(value, 'Array(String)'), arrayMap(json -> arrayFilter(values -> arrayAll(value -> value IS NOT NULL, values), arrayMap(texts -> arrayMap(text -> text, if(_is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), texts), texts)), if(notEmpty(JSONExtract(json, 'Array(Nullable(String))')) OR match(json, '^\\s*\\[\\s*\\]\\s*$'), [JSONExtract(json, 'Array(Nullable(String))')], []))), arrayMap(text -> if(_is_lossy, if(length(arrayStringConcat(extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(text), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), text), [ifNull(_texts[3], '')]))[1])) AS tags,
    arrayMap(value -> CAST(value, 'Array(Tuple(sensor LowCardinality(String), celsius Nullable(Float64)))'), arrayMap(json -> arrayMap(values -> arrayMap(value -> value[1], values), arrayFilter(values -> arrayAll(value -> notEmpty(value), values), arrayMap(texts -> arrayMap(text -> arrayMap(value -> CAST(value, 'Tuple(sensor LowCardinality(String), celsius Nullable(Float64))'), arrayMap(json -> arrayMap(parts -> tuple(parts.1[1], parts.2[1]), arrayFilter(parts -> notEmpty(parts.1) AND notEmpty(parts.2), arrayMap(texts -> tuple(arrayFilter(value -> value IS NOT NULL, [texts[1]]), arrayFilter(value -> value IS NOT NULL OR texts[2] IS NULL, [if(isFinite(accurateCastOrNull(texts[2], 'Float64')), accurateCastOrNull(texts[2], 'Float64'), NULL)])), arrayMap(texts -> if(_is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), texts), texts), if(startsWith(trimLeft(json), '{'), arrayMap(found -> [found.1, found.2], [JSONExtract(json, 'Tuple(sensor Nullable(String), celsius Nullable(String))')]), []))))), arrayMap(text -> if(_is_lossy, if(length(arrayStringConcat(extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(text), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), text), [ifNull(text, '')]))[1]), if(_is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), texts), texts)), if(notEmpty(JSONExtract(json, 'Array(Nullable(String))')) OR match(json, '^\\s*\\[\\s*\\]\\s*$'), [JSONExtract(json, 'Array(Nullable(String))')], [])))), arrayMap(text -> if(_is_lossy, if(length(arrayStringConcat(extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(text), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), text), [ifNull(_texts[4], '')]))[1]) AS readings,
    if(_texts[5] IS NULL AND NOT JSONHas(_json, 'limits'), arrayMap(value -> CAST(value, 'Map(String, Int64)'), arrayMap(pairs -> arrayFilter((pair, count) -> count = 1, pairs, arrayEnumerateUniq(arrayMap(pair -> pair.1, pairs))), arrayMap(pairs -> arrayMap(pair -> (pair.1[1], pair.2[1]), pairs), arrayFilter(pairs -> arrayAll(pair -> notEmpty(pair.1) AND notEmpty(pair.2), pairs), arrayMap(pairs -> arrayMap((key, text) -> (arrayFilter(value -> value IS NOT NULL, [key]), arrayFilter(value -> value IS NOT NULL, [accurateCastOrNull(text, 'Int64')])), arrayMap(pair -> toNullable(pair.1), pairs), arrayMap(pair -> pair.2, pairs)), if(notEmpty(JSONExtractKeysAndValues(ifNull(toNullable('{"low":-10}'), ''), 'Nullable(String)')) OR match(ifNull(toNullable('{"low":-10}'), ''), '^\\s*\\{\\s*\\}\\s*$'), [JSONExtractKeysAndValues(ifNull(toNullable('{"low":-10}'), ''), 'Nullable(String)')], [])))))), arrayMap(value -> CAST(value, 'Map(String, Int64)'), arrayMap(json -> arrayMap(pairs -> arrayFilter((pair, count) -> count = 1, pairs, arrayEnumerateUniq(arrayMap(pair -> pair.1, pairs))), arrayMap(pairs -> arrayMap(pair -> (pair.1[1], pair.2[1]), pairs), arrayFilter(pairs -> arrayAll(pair -> notEmpty(pair.1) AND notEmpty(pair.2), pairs), arrayMap(pairs -> arrayMap((key, text) -> (arrayFilter(value -> value IS NOT NULL, [key]), arrayFilter(value -> value IS NOT NULL, [accurateCastOrNull(text, 'Int64')])), arrayMap(pair -> toNullable(pair.1), pairs), if(_is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), arrayMap(pair -> pair.2, pairs)), arrayMap(pair -> pair.2, pairs))), if(notEmpty(JSONExtractKeysAndValues(json, 'Nullable(String)')) OR match(json, '^\\s*\\{\\s*\\}\\s*$'), [JSONExtractKeysAndValues(json, 'Nullable(String)')], []))))), arrayMap(text -> if(_is_lossy, if(length(arrayStringConcat(extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(text), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(text, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), text), [ifNull(_texts[5], '')]))[1])) AS limits,
    accurateCastOrNull(if(startsWith(trimLeft(_texts[6]), '{') AND isValidJSON(_texts[6]), _texts[6], NULL), 'JSON') AS extra,
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
        AND id IS NOT NULL
        AND time IS NOT NULL
        AND NOT (_texts[3] IS NULL AND JSONHas(_json, 'tags')) AND (_texts[3] IS NULL OR notEmpty(tags))
        AND notEmpty(readings)
        AND NOT (_texts[5] IS NULL AND JSONHas(_json, 'limits')) AND (_texts[5] IS NULL OR notEmpty(limits))
        AND extra IS NOT NULL AS _valid,
    _inexact
FROM (
    SELECT *, if(_is_lossy, arrayMap(text -> if(startsWith(text, '﷐'), arrayMap(number -> multiIf(NOT match(number, '^-?[0-9]+[.eE]'), if(number = '-0', '0', number), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 AND position(toString(toFloat64OrZero(number)), 'e') = 0, toString(toFloat64OrZero(number)), length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0 OR match(number, '[eE]|[.]0+$'), arrayMap(number -> if(match(number, '^[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]{1,3})?$'), coalesce(if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 38, toString(toDecimal256OrNull(number, 38)), NULL), if(length(extract(number, '[.]([0-9]*)')) - length(extract(replaceOne(number, '.', ''), '(0*)(?:[eE]|$)')) - toInt32OrZero(extract(number, '[eE]([+-]?[0-9]+)')) <= 0, toString(toDecimal256OrNull(number, 0)), NULL), number), number), [if(length(toString(toFloat64OrZero(number))) <= 15 AND position(toString(toFloat64OrZero(number)), 'inf') = 0, toString(toFloat64OrZero(number)), number)])[1], number), [replaceAll(text, '﷐', '')])[1], replaceAll(replaceAll(text, '"﷐', ''), '﷐"', '')), CAST([_fields.id, _fields.time, _fields.tags, _fields.readings, _fields.limits, _fields.extra], 'Array(Nullable(String))')), [_fields.id, _fields.time, _fields.tags, _fields.readings, _fields.limits, _fields.extra]) AS _texts
    FROM (
        SELECT *, if(_is_lossy OR NOT _valid, if(length(arrayStringConcat(extractAll(kafka_value, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))) = length(kafka_value), replaceRegexpOne(arrayStringConcat(arrayMap(token -> multiIf(match(token, '^-?[0-9]'), concat('"﷐', token, '﷐"'), match(token, '\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐'), arrayStringConcat(arrayMap(part -> if(match(part, '^(?:\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐)$'), '\\ufffd', part), extractAll(token, '(?s)\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[fF][dD][dD]0)|﷐|\\\\.|[^\\\\﷐]+'))), token), extractAll(kafka_value, '(?s)"(?:[^"\\\\]|\\\\.)*"|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?|[^"0-9-]+|.'))), '(?s)^.*﷐"[ \\t\\r\\n]*:.*$', ''), ''), '') AS _sent_json, if(_is_lossy, _sent_json, kafka_value) AS _json, JSONExtract(_json, 'Tuple(id Nullable(String), time Nullable(String), tags Nullable(String), readings Nullable(String), limits Nullable(String), extra Nullable(String))') AS _fields
        FROM shapes_rejected
    )
)
SETTINGS input_format_try_infer_dates = 0, input_format_try_infer_datetimes = 0, type_json_skip_duplicated_paths = 1
COMMENT 'millrace stand millrace 6fa975cc2f4b63e6';

-- there is no shapes_rejected_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS shapes_rejected_mv TO shapes_rejected AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_timestamp, kafka_key, kafka_value, kafka_header_names, kafka_header_values, _valid, _is_lossy, _inexact FROM shapes_parsed WHERE NOT _valid OR _inexact
COMMENT 'millrace stand millrace a6b0348c749740cc';

-- there is no shapes_queue
CREATE TABLE IF NOT EXISTS shapes_queue
(
    kafka_value String
)
ENGINE = Kafka
SETTINGS
    kafka_broker_list = 'kafka:9092',
    kafka_topic_list = 'shapes',
    kafka_group_name = 'clickhouse_router_group',
    kafka_format = 'RawBLOB',
    kafka_flush_interval_ms = 200,
    kafka_poll_timeout_ms = 50,
    kafka_consumer_reschedule_ms = 0,
    kafka_max_block_size = 131072,
    kafka_poll_max_batch_size = 131072
COMMENT 'millrace stand millrace 942d9b60d41c7bf0';

-- there is no shapes_parse_mv
CREATE MATERIALIZED VIEW IF NOT EXISTS shapes_parse_mv TO shapes_parsed AS
WITH
    JSONExtract(kafka_value, 'Tuple(id Nullable(String), time Nullable(String), tags Nullable(String), readings Nullable(String), limits Nullable(String), extra Nullable(String))') AS _fields,
    (_fields.id IS NULL AND NOT isValidJSON(kafka_value))
        OR (length(assumeNotNull(_fields.id)) > 15 AND (length(assumeNotNull(_fields.id)) < 18 OR endsWith(assumeNotNull(_fields.id), '0')) AND JSONType(kafka_value, 'id') = 'Double')
        OR (ascii(assumeNotNull(_fields.tags)) IN (91, 123) AND (NOT isValidJSON(assumeNotNull(_fields.tags)) OR (match(assumeNotNull(_fields.tags), '[\\[,][\\[{]') AND (arrayExists(text -> (ascii(assumeNotNull(text)) IN (91, 123) AND 'Double' != 'String'), JSONExtract(assumeNotNull(_fields.tags), 'Array(Nullable(String))'))))))
        OR (ascii(assumeNotNull(_fields.readings)) IN (91, 123) AND (NOT isValidJSON(assumeNotNull(_fields.readings)) OR (match(assumeNotNull(_fields.readings), '" *[\\[{]|:[\\[{]') AND (arrayExists(text -> (ascii(assumeNotNull(text)) IN (91, 123) AND (NOT isValidJSON(assumeNotNull(text)) OR (match(assumeNotNull(text), ':[\\[{]') AND (arrayExists(texts -> (ascii(assumeNotNull(texts[1])) IN (91, 123) AND 'Double' != 'String'), if(startsWith(trimLeft(assumeNotNull(text)), '{'), arrayMap(found -> [found.1, found.2], [JSONExtract(assumeNotNull(text), 'Tuple(sensor Nullable(String), celsius Nullable(String))')]), [])))))), JSONExtract(assumeNotNull(_fields.readings), 'Array(Nullable(String))'))))))
        OR (ascii(assumeNotNull(_fields.limits)) IN (91, 123) AND (NOT isValidJSON(assumeNotNull(_fields.limits)) OR (match(assumeNotNull(_fields.limits), ':[\\[{]|[-+0-9.e]{16}|[0-9]e') AND (arrayExists(pair -> (length(assumeNotNull(pair.2)) > 15 AND (length(assumeNotNull(pair.2)) < 18 OR endsWith(assumeNotNull(pair.2), '0')) AND 'Double' = 'Double'), JSONExtractKeysAndValues(assumeNotNull(_fields.limits), 'Nullable(String)'))))))
        OR (ascii(assumeNotNull(_fields.extra)) = 123 AND (match(assumeNotNull(_fields.extra), '[0-9]{20}') OR NOT isValidJSON(assumeNotNull(_fields.extra)))) AS _is_lossy
SELECT
    accurateCastOrNull(_fields.id, 'UInt64') AS id,
    if(((match(_fields.time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$') OR match(_fields.time, '^2[0-2][0-9][0-9]-[01][0-9]-[0-3][0-9]T2[0-3]:[0-5][0-9]:[0-5][0-9][.][0-9]+Z$')) AND position(_fields.time, '-00') = 0) OR match(_fields.time, '^(?:19|2[0-2])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?(?: ?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?))?)?$|^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$'), parseDateTime64BestEffortOrNull(_fields.time, 3, 'UTC'), NULL) AS time,
    if(_fields.tags IS NULL AND NOT JSONHas(kafka_value, 'tags'), [defaultValueOfTypeName('Array(String)')], arrayMap(value -> CAST(value, 'Array(String)'), arrayFilter(values -> arrayAll(value -> value IS NOT NULL, values), arrayMap(texts -> arrayMap(text -> text, texts), if(notEmpty(JSONExtract(ifNull(_fields.tags, ''), 'Array(Nullable(String))')) OR match(ifNull(_fields.tags, ''), '^\\s*\\[\\s*\\]\\s*$'), [JSONExtract(ifNull(_fields.tags, ''), 'Array(Nullable(String))')], []))))) AS tags,
    arrayMap(value -> CAST(value, 'Array(Tuple(sensor LowCardinality(String), celsius Nullable(Float64)))'), arrayMap(values -> arrayMap(value -> value[1], values), arrayFilter(values -> arrayAll(value -> notEmpty(value), values), arrayMap(texts -> arrayMap(text -> arrayMap(value -> CAST(value, 'Tuple(sensor LowCardinality(String), celsius Nullable(Float64))'), arrayMap(parts -> tuple(parts.1[1], parts.2[1]), arrayFilter(parts -> notEmpty(parts.1) AND notEmpty(parts.2), arrayMap(texts -> tuple(arrayFilter(value -> value IS NOT NULL, [texts[1]]), arrayFilter(value -> value IS NOT NULL OR texts[2] IS NULL, [if(isFinite(accurateCastOrNull(texts[2], 'Float64')), accurateCastOrNull(texts[2], 'Float64'), NULL)])), arrayMap(texts -> texts, if(startsWith(trimLeft(ifNull(text, '')), '{'), arrayMap(found -> [found.1, found.2], [JSONExtract(ifNull(text, ''), 'Tuple(sensor Nullable(String), celsius Nullable(String))')]), [])))))), texts), if(notEmpty(JSONExtract(ifNull(_fields.readings, ''), 'Array(Nullable(String))')) OR match(ifNull(_fields.readings, ''), '^\\s*\\[\\s*\\]\\s*$'), [JSONExtract(ifNull(_fields.readings, ''), 'Array(Nullable(String))')], []))))) AS readings,
    if(_fields.limits IS NULL AND NOT JSONHas(kafka_value, 'limits'), arrayMap(value -> CAST(value, 'Map(String, Int64)'), arrayMap(pairs -> arrayFilter((pair, count) -> count = 1, pairs, arrayEnumerateUniq(arrayMap(pair -> pair.1, pairs))), arrayMap(pairs -> arrayMap(pair -> (pair.1[1], pair.2[1]), pairs), arrayFilter(pairs -> arrayAll(pair -> notEmpty(pair.1) AND notEmpty(pair.2), pairs), arrayMap(pairs -> arrayMap((key, text) -> (arrayFilter(value -> value IS NOT NULL, [key]), arrayFilter(value -> value IS NOT NULL, [accurateCastOrNull(text, 'Int64')])), arrayMap(pair -> toNullable(pair.1), pairs), arrayMap(pair -> pair.2, pairs)), if(notEmpty(JSONExtractKeysAndValues(ifNull(toNullable('{"low":-10}'), ''), 'Nullable(String)')) OR match(ifNull(toNullable('{"low":-10}'), ''), '^\\s*\\{\\s*\\}\\s*$'), [JSONExtractKeysAndValues(ifNull(toNullable('{"low":-10}'), ''), 'Nullable(String)')], [])))))), arrayMap(value -> CAST(value, 'Map(String, Int64)'), arrayMap(pairs -> arrayFilter((pair, count) -> count = 1, pairs, arrayEnumerateUniq(arrayMap(pair -> pair.1, pairs))), arrayMap(pairs -> arrayMap(pair -> (pair.1[1], pair.2[1]), pairs), arrayFilter(pairs -> arrayAll(pair -> notEmpty(pair.1) AND notEmpty(pair.2), pairs), arrayMap(pairs -> arrayMap((key, text) -> (arrayFilter(value -> value IS NOT NULL, [key]), arrayFilter(value -> value IS NOT NULL, [accurateCastOrNull(text, 'Int64')])), arrayMap(pair -> toNullable(pair.1), pairs), arrayMap(pair -> pair.2, pairs)), if(notEmpty(JSONExtractKeysAndValues(ifNull(_fields.limits, ''), 'Nullable(String)')) OR match(ifNull(_fields.limits, ''), '^\\s*\\{\\s*\\}\\s*$'), [JSONExtractKeysAndValues(ifNull(_fields.limits, ''), 'Nullable(String)')], []))))))) AS limits,
    accurateCastOrNull(if(startsWith(trimLeft(_fields.extra), '{') AND isValidJSON(_fields.extra), _fields.extra, NULL), 'JSON') AS extra,
    _topic AS kafka_topic,
    toUInt32(_partition) AS kafka_partition,
    _offset AS kafka_offset,
    ifNull(_timestamp_ms, toDateTime64(0, 3)) AS kafka_timestamp,
    _key AS kafka_key,
    kafka_value,
    _headers.name AS kafka_header_names,
    _headers.value AS kafka_header_values,
    (startsWith(kafka_value, '{') OR JSONType(kafka_value) = 'Object')
        AND id IS NOT NULL
        AND time IS NOT NULL
        AND NOT (_fields.tags IS NULL AND JSONHas(kafka_value, 'tags')) AND (_fields.tags IS NULL OR notEmpty(tags))
        AND notEmpty(readings)
        AND NOT (_fields.limits IS NULL AND JSONHas(kafka_value, 'limits')) AND (_fields.limits IS NULL OR notEmpty(limits))
        AND extra IS NOT NULL AS _valid,
    _is_lossy,
    max(_is_lossy) OVER () AS _inexact
FROM shapes_queue
SETTINGS input_format_try_infer_dates = 0, input_format_try_infer_datetimes = 0, type_json_skip_duplicated_paths = 1
COMMENT 'millrace stand millrace b58118b8bad76023';

