using Millrace.Streams.Types;

namespace Millrace.Streams.Definition;

/// <summary>What a definition may say, and its writer would be surprised by: a sentence each, with the reason and the way out.</summary>
public static class StreamSurprises
{
    public static IReadOnlyList<string> Of(StreamCatalog catalog) =>
        [.. catalog.Streams.SelectMany(stream => Of(stream).Select(sentence => $"stream {stream.Name}: {sentence}"))];

    static IEnumerable<string> Of(StreamDefinition stream)
    {
        if (!stream.Columns.Any(column => column.Type is TimeType or DateType))
        {
            yield return "no column is a time, so its rows are asked by kafka_timestamp, when the record was made: "
                + "add a column for the time of the event itself, if the record has it";
        }
        if (stream.KeyColumn is { } key && !stream.OrderKey.Contains(key))
        {
            yield return $"its key {key} is not in order_by, so the rows of one {key} lie all over the table: "
                + $"begin order_by with {key}, unless nobody asks for them";
        }
        foreach (var column in stream.Columns.Where(column => column.Type is LowCardinalityType && IsId(column)))
        {
            yield return $"{column.Name} is LowCardinality and looks like an id: "
                + "a dictionary of ids is larger and slower than the ids; leave LowCardinality out, unless there are few of them";
        }
    }

    static bool IsId(ColumnDefinition column) =>
        column.Name is "id" or "uuid" || column.Name.EndsWith("_id", StringComparison.OrdinalIgnoreCase)
        || column.Name.EndsWith("_uuid", StringComparison.OrdinalIgnoreCase)
        || column.Generator is ColumnGenerator.FromEvent { Value: EventValue.Uuid or EventValue.SessionId };
}
