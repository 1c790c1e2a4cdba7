using System.Runtime.CompilerServices;
using System.Text.Json;
using Millrace.Page.Http;
using Millrace.Page.Stand;

namespace Millrace.Page.Feed;

/// <summary>Makes events of the lines of logs: what one event holds is bounded, however slow its reader is. Any thread.</summary>
static class LogEvents
{
    /// <summary>Lines of the past, lines of one event, and lines that a browser keeps.</summary>
    public const int MostLines = 5000;

    /// <summary>
    /// Of a longer line only its beginning is sent: a log holds what a server wrote, and that may be a query of megabytes.
    /// </summary>
    public const int LongestText = 8 * 1024;

    public static async IAsyncEnumerable<byte[]> ReadAsync(ISupervisor supervisor, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var lines in supervisor.ReadLogsAsync(MostLines, cancellation).ConfigureAwait(false))
            if (lines.Count > 0)
                yield return Bytes(lines);
    }

    internal static LogBatch BatchOf(IReadOnlyList<ServiceLogLine> lines) => new(
        Math.Max(0, lines.Count - MostLines),
        [.. lines.TakeLast(MostLines).Select(line => line.Text.Length <= LongestText ? line : line with { Text = Cut(line.Text) })]);

    static byte[] Bytes(IReadOnlyList<ServiceLogLine> lines) =>
        [.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(BatchOf(lines), Answer.Json), .. "\n\n"u8];

    static string Cut(string text) => $"{text.AsSpan(0, LongestText)} ...";
}

/// <summary>Some lines in the order of their time. Immutable.</summary>
/// <param name="Skipped">Older ones that came with them and were left out.</param>
sealed record LogBatch(int Skipped, IReadOnlyList<ServiceLogLine> Lines);
