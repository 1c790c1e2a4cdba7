namespace Millrace.Streams.Setup;

/// <summary>A topic ends before what ClickHouse has stored of it. The message is one sentence that ends with what to do.</summary>
public sealed class TopicRecreatedException(string topic, int partition, long logEndOffset, string table, long storedOffset) : Exception(
    $"{table} holds offset {storedOffset} of {topic}, partition {partition}, but the topic ends at {logEndOffset}, so the topic was made anew and its records would be taken for stored ones: " +
    $"keep the old rows elsewhere (RENAME TABLE {table} TO {table}_old) or drop them (DELETE FROM {table} WHERE kafka_topic = '{topic}'), then start again");
