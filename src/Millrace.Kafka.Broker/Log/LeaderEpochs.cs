using System.Globalization;
using System.Text;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// The leader epochs of one partition and where each begins (KIP-101, KIP-320). There is one broker, and yet the leader epoch rises: with
/// each start after a crash. A loss of power may have taken the end of the log without a trace, and offsets come again then; a consumer
/// that has read the lost records asks where its leader epoch ended, and learns it. On disk it is <c>leader-epoch-checkpoint</c>, as
/// Apache Kafka has it (LeaderEpochCheckpointFile.java):
/// <code>
/// 0                        version
/// 2                        lines that follow
/// 0 0                      leader epoch, its first offset: inclusive
/// 1 4711                   both rise from line to line
/// </code>
/// </summary>
/// <remarks>Immutable.</remarks>
sealed class LeaderEpochs
{
    const string Version = "0";

    readonly (int Epoch, long Start)[] _entries;

    LeaderEpochs((int Epoch, long Start)[] entries) => _entries = entries;

    /// <summary>Of a partition that never had another.</summary>
    public static LeaderEpochs First { get; } = new([(0, 0)]);

    /// <summary>The one that batches get now.</summary>
    public int Current => _entries[^1].Epoch;

    /// <summary>null where the bytes make no sense.</summary>
    public static LeaderEpochs? Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.ASCII.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 3 || lines[0] != Version || lines[1] != (lines.Length - 2).ToString(CultureInfo.InvariantCulture)) return null;
        var entries = new (int Epoch, long Start)[lines.Length - 2];
        for (var i = 0; i < entries.Length; i++)
        {
            if (Entry(lines[i + 2]) is not { } entry) return null;
            if (i > 0 && (entry.Epoch <= entries[i - 1].Epoch || entry.Start < entries[i - 1].Start)) return null;
            entries[i] = entry;
        }
        return new(entries);
    }

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(
        $"{Version}\n{_entries.Length}\n{string.Concat(_entries.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Epoch} {e.Start}\n")))}");

    /// <summary>With a new leader epoch from the end of the log on; one that holds no record makes room for it.</summary>
    /// <param name="least">The new one is no lower: the batches may know of later ones than a file that a loss of power took.</param>
    public LeaderEpochs Raised(long logEndOffset, int least) =>
        new([.. _entries.Where(entry => entry.Start < logEndOffset), (Math.Max(Current + 1, least), logEndOffset)]);

    /// <summary>Without those that ended before the log starts, which nobody can have records of.</summary>
    public LeaderEpochs From(long logStartOffset)
    {
        var first = Array.FindLastIndex(_entries, entry => entry.Start <= logStartOffset);
        return first <= 0 ? this : new(_entries[first..]);
    }

    /// <summary>The greatest leader epoch that is not later than the one asked for, and where it ends, exclusive (KIP-279).</summary>
    /// <returns>-1 and -1 for a leader epoch that never was.</returns>
    public (int Epoch, long EndOffset) EndOf(int epoch, long logEndOffset)
    {
        if (epoch == Current) return (epoch, logEndOffset);
        var next = Array.FindIndex(_entries, entry => entry.Epoch > epoch);
        if (epoch < 0 || next < 0) return (-1, -1);
        return (next == 0 ? epoch : _entries[next - 1].Epoch, _entries[next].Start);
    }

    /// <summary>The leader epoch that a record at this offset has, or would get.</summary>
    public int Of(long offset) => _entries[Math.Max(0, Array.FindLastIndex(_entries, entry => entry.Start <= offset))].Epoch;

    static (int Epoch, long Start)? Entry(string line) =>
        line.Split(' ') is [var epoch, var start]
        && int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedEpoch)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedStart)
            ? (parsedEpoch, parsedStart) : null;
}
