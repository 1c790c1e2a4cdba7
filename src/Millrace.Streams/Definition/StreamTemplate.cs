namespace Millrace.Streams.Definition;

/// <summary>
/// A definition to fill in, which is valid as it is. Text follows a # with a space; a # without one is taken away to use the line.
/// </summary>
static class StreamTemplate
{
    /// <param name="name">Which <see cref="StreamFile.NameFault"/> has nothing against.</param>
    /// <param name="topic">Which <see cref="StreamFile.TopicFault"/> has nothing against.</param>
    public static string For(string name, string topic) =>
        $$"""
        # yaml-language-server: $schema={{NewStream.Schema}}
        # docs/STREAMS.md explains every field. `millrace ddl` shows what ClickHouse would get.
        # `millrace up` makes it so, or `millrace apply` on a stand that is up.

        stream: {{name}}
        topic: {{Quoted(topic)}}
        # A new topic gets 3 unless a number stands here; one that has fewer gets more.
        #partitions: 3
        # Configs of the topic, by their names in Kafka.
        #topic_config: { retention.ms: 86400000 }
        table: {{name}}_table
        # What the table is sorted by, none of it Nullable: first what most queries look for, then the time.
        order_by: [id, event_time]
        # The column that becomes the record's key. Only a stream that the emitter makes needs it.
        #key: id
        # This stream's part of the events that the emitter makes: 1 unless given, 0 where no column says generate.
        #weight: 10

        # Records are JSON objects. `format: csv`, `tsv` and `regex` take lines of text (docs/STREAMS.md).

        # The columns of the table. Each takes the field of its name in the record's JSON, unless from: says another place.
        # A record without a value that a column needs becomes a dead letter, which says why.
        columns:
          - name: id
            type: String
            # How the emitter makes it; a topic that others fill needs none.
            #generate: uuid
          - name: event_time
            type: DateTime64(3)
            #generate: now

          # A field within others; also $.items[0].sku for an element, $['@timestamp'] for a name with special signs.
          # Nullable: a record may lack it. LowCardinality: the same few texts again and again.
          - name: device
            type: LowCardinality(Nullable(String))
            from: $.meta.device

          # What is not the type's value, such as "n/a", becomes NULL instead of a dead letter.
          - name: amount
            type: Nullable(Decimal(18, 2))
            invalid: null
            #generate: { range: [1, 100] }

          # A header of the record, and a value for records without it. Other places: key, topic, partition, offset, timestamp.
          #- { name: source, type: LowCardinality(String), from: "header:source", missing: default, default: unknown }

        """;

    /// <summary>Other YAML readers take 7 for a number, and true for a truth value.</summary>
    internal static string Quoted(string topic) => StreamFile.NameFault(topic.Split('.', '-')[0]) is null ? topic : $"\"{topic}\"";
}
