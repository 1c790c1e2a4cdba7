using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Xunit.Abstractions;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// The log against a list: whatever happens to it, it holds what it acknowledged; only a loss of power may take the last of it, back to
/// what went through fsync.
/// </summary>
public sealed class RandomisedLogTests(ITestOutputHelper output)
{
    const int Steps = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(null)]
    public void The_log_holds_what_it_acknowledged_through_crashes_losses_of_power_failures_and_deletions(int? fixedSeed)
    {
        var seed = fixedSeed ?? Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var run = new Run(new Random(seed));
        for (var step = 0; step < Steps; step++)
        {
            run.Step();
            run.Check($"seed {seed}, step {step}"); // set the first InlineData to this seed to see it again
        }
    }

    sealed class Run(Random random)
    {
        readonly LogFixture _fixture = new()
        {
            Options = new()
            {
                SegmentBytes = 400,
                SegmentAge = TimeSpan.FromDays(7),
                RetentionTime = null,
                RetentionBytes = -1,
                IndexIntervalBytes = 100,
                MaxBatchBytes = 400,
            },
        };

        readonly List<string> _model = [];
        PartitionLog? _opened;
        long _start;
        long _producer;
        int _sequence;
        string _last = "nothing";

        PartitionLog Log
        {
            get => _opened ??= _fixture.Open();
            set => _opened = value;
        }

        public void Step()
        {
            switch (random.Next(22))
            {
                case < 11: Append(fail: false); break;
                case < 13: Append(fail: true); break;
                case < 14: SendLastAgain(); break;
                case < 15: DeleteSome(); break;
                case < 17: Crash(); break;
                case < 18: CrashWithTornTail(); break;
                case < 20: LosePower(); break;
                default: CloseAndOpen(); break;
            }
        }

        public void Check(string when)
        {
            var context = $"{when}, after {_last}";
            Assert.True(Log.HighWatermark == _model.Count, $"{context}: high watermark {Log.HighWatermark}, {_model.Count} records acknowledged");
            Assert.True(Log.LogStartOffset == _start, $"{context}: log start {Log.LogStartOffset}, not {_start}");
            var from = random.Next((int)_start, _model.Count + 1);
            var values = LogFixture.Values(Log, from, maxBytes: random.Next(1, 2000));
            Assert.True(values.SequenceEqual(_model.Skip(from)), $"{context}: reading from {from}");
        }

        void Append(bool fail)
        {
            _last = fail ? "a failed append" : "an append";
            var values = Enumerable.Range(0, random.Next(1, 5)).Select(i => $"{_model.Count + i}").ToArray();
            var operation = random.Next(2) == 0 ? "write" : "open";
            var log = Log;
            if (fail) _fixture.Disk.Fails = (name, _) => name == operation;
            var result = log.Append(_fixture.IdempotentBatch(_producer, 0, _sequence, values), zstdAllowed: true);
            _fixture.Disk.Fails = (_, _) => false;
            if (result.Error != ErrorCode.None) return;
            Assert.Equal(_model.Count, result.BaseOffset);
            _sequence += values.Length;
            _model.AddRange(values);
        }

        void SendLastAgain()
        {
            if (_model.Count == 0) return;
            _last = "a repetition";
            Append(fail: false);
            var repeated = _model[^1];
            // The last batch has an unknown length; a new one of one record is sent twice.
            var batch = _fixture.IdempotentBatch(_producer, 0, _sequence, repeated);
            var first = Log.Append(batch, zstdAllowed: true);
            if (random.Next(2) == 0) Crash();
            Assert.Equal(first.BaseOffset, Log.Append(batch, zstdAllowed: true).BaseOffset);
            _sequence++;
            _model.Add(repeated);
        }

        void DeleteSome()
        {
            _last = "a deletion";
            _start = random.Next((int)_start, _model.Count + 1);
            Assert.Equal(ErrorCode.None, Log.DeleteRecordsBefore(_start));
        }

        void Crash()
        {
            _last = "a crash";
            Log = _fixture.Reopen();
        }

        void CrashWithTornTail()
        {
            Crash();
            _last = "a crash with a torn tail";
            var path = LogFixture.Directory + '/' + _fixture.Disk.ListFiles(LogFixture.Directory).Last(name => name.EndsWith(".log", StringComparison.Ordinal));
            var torn = _fixture.Batch("never acknowledged");
            var length = random.Next(1, torn.Length);
            _fixture.CrashedWith(disk => disk.Edit(path, bytes => [.. bytes, .. torn[..length]]));
            Log = _fixture.Open();
        }

        /// <summary>
        /// Of what was not flushed and of the names that were not synced, any part is gone. What is left is one piece of what was
        /// acknowledged, with all of it that the recovery point vouches for.
        /// </summary>
        void LosePower()
        {
            _last = "a loss of power";
            _fixture.CrashedWith(
                disk => disk.LosePower(random.Next(3) switch { 0 => null, 1 => () => true, _ => () => random.Next(2) == 0 }));
            var flushed = OffsetCheckpoint.Read(_fixture.Disk, LogFixture.RecoveryPointPath);
            Log = _fixture.Open();
            Assert.True(
                Log.HighWatermark >= Math.Max(flushed, _start),
                $"high watermark {Log.HighWatermark}, flushed up to {flushed}, log start {_start}");
            Assert.True(Log.HighWatermark <= _model.Count, $"high watermark {Log.HighWatermark} of {_model.Count}");
            Assert.True(
                Log.LogStartOffset == _start || (Log.LogStartOffset > _start && flushed <= _start),
                $"log start {Log.LogStartOffset} of {_start}, flushed up to {flushed}");
            _start = Log.LogStartOffset;
            _model.RemoveRange((int)Log.HighWatermark, _model.Count - (int)Log.HighWatermark);
            (_producer, _sequence) = (_producer + 1, 0); // the log need not know the old one's last batches any more
        }

        void CloseAndOpen()
        {
            _last = "a clean restart";
            Log.Dispose();
            if (random.Next(2) == 0) DropStraySegment();
            if (random.Next(3) == 0) _fixture.CrashedWith(disk => disk.LosePower());
            Log = _fixture.Open(afterCleanShutdown: true);
        }

        /// <summary>Before, inside, at the end of or past the log: empty, junk, or a copy of a segment under a wrong name.</summary>
        void DropStraySegment()
        {
            _last = "a clean restart with a stray segment";
            var path = LogFixture.SegmentPath(random.Next(_model.Count + 10));
            if (_fixture.Disk.FileExists(path)) return;
            var segments = _fixture.Disk.ListFiles(LogFixture.Directory).Where(name => name.EndsWith(".log", StringComparison.Ordinal))
                .ToArray();
            var bytes = random.Next(3) switch
            {
                0 => [],
                1 => "junk"u8.ToArray(),
                _ => _fixture.Disk.Bytes($"{LogFixture.Directory}/{segments[random.Next(segments.Length)]}"),
            };
            _fixture.Disk.ReplaceWhole(path, bytes, flush: random.Next(2) == 0);
        }
    }
}
