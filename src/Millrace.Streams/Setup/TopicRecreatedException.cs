namespace Millrace.Streams.Setup;

/// <summary>A topic ends before what ClickHouse has stored of it. The message ends with what to do: two ways, as only the user knows what happened.</summary>
public sealed class TopicRecreatedException(string topic, int partition, long logEndOffset, string table, long storedOffset) : Exception(
    $"{table} holds offset {storedOffset} of {topic}, partition {partition}, but the topic ends at {logEndOffset}, so the topic was made anew, or lost its end in a power failure, and its next records would be taken for stored ones: " +
    $"if it was made anew, keep the old rows elsewhere (RENAME TABLE {table} TO {table}_old) or drop them (DELETE FROM {table} WHERE kafka_topic = '{topic}'); " +
    $"if it lost its end, drop the rows beyond it (DELETE FROM {table} WHERE kafka_topic = '{topic}' AND kafka_partition = {partition} AND kafka_offset >= {logEndOffset}); then start again");
