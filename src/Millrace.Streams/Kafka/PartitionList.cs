using System.Globalization;

namespace Millrace.Streams.Kafka;

/// <summary>Names partitions in a sentence: <c>partition 3</c>, <c>partitions 3 to 11</c>, <c>partitions 1, 3 to 5</c>.</summary>
public static class PartitionList
{
    public static string Of(IEnumerable<int> partitions)
    {
        var runs = new List<(int First, int Last)>();
        foreach (var partition in partitions.Order())
        {
            if (runs is [.., var (first, last)] && last + 1 == partition) runs[^1] = (first, partition);
            else runs.Add((partition, partition));
        }
        var word = runs is [var (only, end)] && only == end ? "partition" : "partitions";
        return $"{word} {string.Join(", ", runs.Select(Name))}";
    }

    static string Name((int First, int Last) run) => run.First == run.Last
        ? run.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{run.First} to {run.Last}");
}
