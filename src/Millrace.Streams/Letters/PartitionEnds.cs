using System.Globalization;

namespace Millrace.Streams.Letters;

/// <summary>Asks whether a record lies below an offset of its partition.</summary>
static class PartitionEnds
{
    /// <param name="ends">Exclusive, by partition; of a partition that is not in it nothing lies below.</param>
    public static string IsBelow(IReadOnlyDictionary<int, long> ends)
    {
        if (ends.Count == 0) return "false";
        var partitions = string.Join(", ", ends.Keys.Select(partition => partition.ToString(CultureInfo.InvariantCulture)));
        var offsets = string.Join(", ", ends.Values.Select(offset => offset.ToString(CultureInfo.InvariantCulture)));
        return $"kafka_offset < transform(kafka_partition, [{partitions}], CAST([{offsets}], 'Array(UInt64)'), toUInt64(0))";
    }
}
