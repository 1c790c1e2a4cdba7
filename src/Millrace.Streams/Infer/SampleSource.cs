using System.Globalization;
using System.Text;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Infer;

/// <summary>Where the records of a sample come from. Single thread; can be read once.</summary>
/// <param name="Unit">What is counted: lines of a file, records of a topic.</param>
public sealed record SampleSource(string Unit, IEnumerable<SampledText> Texts)
{
    /// <summary>Bytes of a value; what is longer is no JSON for it.</summary>
    const int LongestValue = 1024 * 1024;

    /// <summary>A record in each line.</summary>
    public static SampleSource OfLines(TextReader text)
    {
        return new SampleSource("lines", Lines());

        IEnumerable<SampledText> Lines()
        {
            for (var number = 1; text.ReadLine() is { } line; number++)
                if (!string.IsNullOrWhiteSpace(line))
                    yield return new SampledText(line, string.Create(CultureInfo.InvariantCulture, $"line {number}"));
        }
    }

    /// <summary>The last records of a topic, of each partition its share. Tombstones say nothing.</summary>
    /// <returns>null where there is no such topic.</returns>
    /// <exception cref="KafkaUnavailableException">No answer in time, or Kafka refused.</exception>
    public static async Task<SampleSource?> OfTopicAsync(StandEndpoints endpoints, string topic, int most, CancellationToken cancellation)
    {
        using var kafka = new KafkaAdmin(endpoints);
        var states = await kafka.StatesOfAsync([topic], cancellation).ConfigureAwait(false);
        if (states.All.Count == 0) return null;
        var (starts, ends) = await kafka.Offsets.FindBoundsAsync(states).ConfigureAwait(false);
        var known = states.All.Where(one => starts.Of(one) is not null && ends.Of(one) is not null).ToList();
        var each = Math.Max(1, most / Math.Max(1, known.Count));
        var from = known.ToDictionary(
            one => one.Partition.Value, one => Math.Max(starts.Offsets[one], ends.Offsets[one] - each));
        var until = known.ToDictionary(one => one.Partition.Value, one => ends.Offsets[one]);
        var batch = await TopicReader.ReadAsync(
            endpoints, new TopicPart(topic, from) { Until = until }, new ReadLimits { Value = LongestValue }, cancellation)
            .ConfigureAwait(false);
        return new SampleSource("records", batch.Records.Where(record => record.Value is { Length: > 0 }).Select(record => new SampledText(
            Encoding.UTF8.GetString(record.Value!),
            string.Create(CultureInfo.InvariantCulture, $"offset {record.Offset} of partition {record.Partition}"))));
    }
}

/// <summary>A record of a sample, if it is one.</summary>
/// <param name="Place">For the sentence about one that is none.</param>
public readonly record struct SampledText(string Text, string Place);
