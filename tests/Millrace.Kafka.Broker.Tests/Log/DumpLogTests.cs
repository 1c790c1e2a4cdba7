using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>Apache Kafka's own tool reads our files: the best witness that they are its format.</summary>
public sealed class DumpLogTests
{
    /// <summary>
    /// From DumpLogSegments.java. "Non-consecutive offsets" is none: it says so of every segment that does not begin at offset 0.
    /// </summary>
    static readonly string[] Complaints =
        ["mismatch", "out of order timestamp", "not found in the log", "invalid bytes", "isvalid: false", "exception"];

    readonly LogFixture _fixture = new();

    [RequiresFact(Prerequisite.ApacheKafka)]
    public async Task Kafka_dump_log_finds_no_fault_in_segments_indexes_and_snapshots()
    {
        using var data = new TemporaryDirectory();
        var partition = data.Sub("orders-0");
        WriteThreeSegments(partition);
        var files = Directory.GetFiles(partition)
            .Where(file => Path.GetExtension(file) is ".log" or ".index" or ".timeindex" or ".snapshot").Order().ToList();
        Assert.True(files.Count(file => file.EndsWith(".snapshot", StringComparison.Ordinal)) >= 2, string.Join('\n', files));

        var output = await RunDumpLog("--deep-iteration", "--print-data-log", "--files", string.Join(',', files));

        foreach (var complaint in Complaints) Assert.DoesNotContain(complaint, output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(3, Regex.Count(output, "Log starting offset"));
        Assert.Contains("producerId: 8 producerEpoch: 0 coordinatorEpoch: -1", output, StringComparison.Ordinal);
        Assert.Contains("payload: value 0 of batch 399", output, StringComparison.Ordinal);
    }

    /// <summary>Time goes back and forth: the time index may only rise.</summary>
    void WriteThreeSegments(string partition)
    {
        var options = _fixture.Options with { SegmentBytes = 30_000, IndexIntervalBytes = 1000 };
        using var log = PartitionLog.Open(partition, options, _fixture.ContextOn(new PhysicalFileSystem()), afterCleanShutdown: false);
        for (var i = 0; i < 400; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(i % 3 == 0 ? -2 : 2));
            var values = Enumerable.Range(0, 1 + i % 7).Select(n => $"value {n} of batch {i}").ToArray();
            var batch = i % 2 == 0 ? _fixture.Batch(values) : _fixture.IdempotentBatch(7 + i, 0, 0, values);
            Assert.Equal(ErrorCode.None, log.Append(batch, zstdAllowed: true).Error);
        }
    }

    static async Task<string> RunDumpLog(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Prerequisites.ApacheKafka, "bin", "kafka"), ["dump-log", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return await output + await errors;
    }
}
