using Millrace.Cli.Basics;
using Millrace.Cli.Commands;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;
using Millrace.Streams.Audit;
using Millrace.Streams.Events;
using Millrace.Streams.Kafka;
using Millrace.Streams.Status;
using Millrace.Testing;
using Spectre.Console.Rendering;
using Spectre.Console.Testing;

namespace Millrace.Cli.Tests.Output;

/// <summary>What people see, line by line.</summary>
public sealed class TableTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ps_shows_each_service_in_one_line()
    {
        var broker = new ProcessIdentity(int.MaxValue, 1);
        ServiceStatus[] services =
        [
            new("broker", ServiceState.Running, broker, Now.AddMinutes(-5), 2, "127.0.0.1:9092", "killed (SIGKILL)"),
            new("setup", ServiceState.Finished, null, Now.AddHours(-2), 0, null, "exit code 0"),
        ];
        var state = new StandState(
            ProcessIdentity.Current, StandPhase.Running, Now, "127.0.0.1:9092", new Uri("http://127.0.0.1:8123/"), "/streams", services);
        Assert.Equal(
        [
            "SERVICE STATE           PID      FOR RESTARTS MEMORY ENDPOINT       LAST EXIT",
            "broker  running  2147483647    5 min        2        127.0.0.1:9092 killed (SIGKILL)",
            "setup   finished            2 h 0 min       0                       exit code 0",
        ], Lines(StandReport.Of(new StandPaths("/data", "/streams"), state, Now).ToTable()), WhiteSpaceIsOne);
    }

    [Fact]
    public void Topics_shows_each_partition_in_one_line() => Assert.Equal(
        ["TOPIC PARTITION LOG START LOG END RECORDS SIZE LEADER ISR", "orders 0 1,000 2,500 1,500 - 1 1"],
        Lines(TopicsCommand.ToTable([new TopicDescription("orders", [new PartitionDescription(0, 1, [1], [1], 1000, 2500, null)])])),
        WhiteSpaceIsOne);

    [Fact]
    public void Groups_shows_who_reads_a_partition_and_one_that_nobody_reads()
    {
        var group = Group("g", "client", new GroupPartition("orders", 0, 5, 7, 2, "m"), new GroupPartition("orders", 1, null, 7, 7, null));
        Assert.Equal(
            [
                "g: Stable, 1 member, lag 9", "TOPIC PARTITION COMMITTED LOG END LAG MEMBER", "orders 0 5 7 2 client",
                "orders 1 none 7 7 nobody",
            ],
            Lines(GroupsCommand.Render([group])), WhiteSpaceIsOne);
    }

    [Fact]
    public void Groups_says_of_a_stream_that_is_paused_that_nobody_is_to_read_it()
    {
        var waiting = new GroupPartition("orders", 0, 5, 7, 2, null);
        var group = Group("g", "client", waiting, new GroupPartition("views", 0, null, 7, 7, null));
        var paused = group.WithPaused(new HashSet<string> { "orders" });
        Assert.Equal(["orders 0 5 7 2 paused", "views 0 none 7 7 nobody"], Lines(GroupsCommand.Render([paused])).Skip(2), WhiteSpaceIsOne);
    }

    [Theory]
    [InlineData(true, true, "Stream orders is paused: the records of orders wait until  ")]
    [InlineData(true, false, "Stream orders is paused already: go on with  ")]
    [InlineData(false, true, "Stream orders is resumed: ClickHouse goes on reading orders where it was.")]
    [InlineData(false, false, "Stream orders is not paused.")]
    public void Pause_and_resume_say_in_a_sentence_what_is_so_now(bool isPaused, bool hasChanged, string sentence) =>
        Assert.StartsWith(sentence, new PauseReport("orders", "orders", isPaused, hasChanged).Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData(1000, 5000, "The emitter makes 5,000 events/s from now on; it was 1,000 events/s.")]
    [InlineData(1000, 0, "The emitter makes as many events as Kafka takes from now on; it was 1,000 events/s.")]
    [InlineData(5000, 5000, "The emitter makes 5,000 events/s.")]
    [InlineData(null, 5000, "The emitter makes 5,000 events/s.")]
    public void Rate_says_in_a_sentence_what_it_was_and_is(int? was, int now, string sentence) =>
        Assert.Equal(sentence, new RateReport(was is { } rate ? new EmitterLoad(rate) : null, new EmitterLoad(now)).Sentence);

    [Fact]
    public void Rate_names_the_profile_that_it_ends()
    {
        var profile = new EmitterLoad(7321, "ramp 1..9000 over 1m");
        Assert.Equal(
            "The emitter makes 5 events/s from now on; it was 7,321 events/s by the profile 'ramp 1..9000 over 1m'.",
            new RateReport(profile, new EmitterLoad(5)).Sentence);
        var unknown = profile with { EventsPerSecond = null };
        Assert.Equal("The emitter makes events by the profile 'ramp 1..9000 over 1m'.", new RateReport(unknown, unknown).Sentence);
    }

    [Fact]
    public void Rate_names_the_shares_of_bad_events() => Assert.Equal(
        "The emitter makes 5 events/s (shares of bad ones: malformed 0.25, hot key 0.5) from now on; it was 5 events/s.",
        new RateReport(new EmitterLoad(5), new EmitterLoad(5) { Shares = new(Malformed: 0.25, HotKey: 0.5) }).Sentence);

    [Fact]
    public void The_line_of_the_emitter_counts_what_is_malformed_on_purpose() => Assert.Equal(
        "emitter: 5 events/s of 5, 2,000 acknowledged, 1 in flight, 0 failed, 1,234 malformed",
        FlowTable.Line(new EmitterSummary(5, 5, 5, 2000, 1, 0, false, null) { Malformed = 1234 }));

    [Theory]
    [InlineData(7321, "emitter: 5 events/s of 7,321 (sine 0..9000 over 24h), 0 acknowledged, 0 in flight, 0 failed")]
    [InlineData(0, "emitter: 5 events/s of 0 (sine 0..9000 over 24h), 0 acknowledged, 0 in flight, 0 failed")]
    public void The_line_of_the_emitter_tells_what_its_profile_comes_to(int target, string line) => Assert.Equal(
        line, FlowTable.Line(new EmitterSummary(target, 5, 5, 0, 0, 0, false, null) { RateProfile = "sine 0..9000 over 24h" }));

    [Fact]
    public void Groups_fits_80_columns_with_billions_of_records()
    {
        var partition = new GroupPartition("user_clicks", 0, 1_234_567_890, 1_234_567_899, 9, "m");
        var group = Group("clickhouse_router_group", "ClickHouse-vm-default-clicks_queue", partition);
        Assert.Equal(
            [
                "clickhouse_router_group: Stable, 1 member, lag 9",
                "TOPIC PARTITION COMMITTED LOG END LAG MEMBER",
                "user_clicks 0 1,234,567,890 1,234,567,899 9 …efault-clicks_queue",
            ],
            Lines(GroupsCommand.Render([group]), width: 80), WhiteSpaceIsOne);
    }

    [Fact]
    public void Audit_shows_what_is_missing_and_what_is_twice()
    {
        var report = Audit(missing: 1, twice: 1, beyond: null);
        Assert.Equal(
            ["TOPIC PARTITION RECORDS READ LAG ROWS DEAD LETTERS MISSING TWICE", "orders 0 10 9 1 8 1 1 1"],
            Lines(AuditCommand.ToTable(report)), WhiteSpaceIsOne);
        Assert.Equal(
            "Records are missing or stored twice, as the table shows. Missing: orders, partition 0: 3.",
            Assert.Single(AuditSentences.Of(report, "millrace")));
    }

    [Fact]
    public void Audit_says_which_offset_is_stored_beyond_the_end_of_its_topic() => Assert.StartsWith(
        "Offset 41 of orders, partition 0, is stored, but the topic ends at 10",
        Assert.Single(AuditSentences.Of(Audit(missing: 0, twice: 0, beyond: 41), "millrace")), StringComparison.Ordinal);

    [Fact]
    public void Audit_says_which_partition_nobody_reads()
    {
        var topic = Audit(missing: 0, twice: 0, beyond: null).Topics.Single();
        var report = new AuditReport([topic with { Partitions = [topic.Partitions[0] with { ReadByNobody = true }] }]);
        Assert.True(report.HasTrouble);
        var sentence = Assert.Single(AuditSentences.Of(report, "millrace"));
        Assert.StartsWith("Nobody reads orders, partition 0: restart ClickHouse", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_shows_a_partition_that_is_offline_and_says_why()
    {
        var topic = Audit(missing: 0, twice: 0, beyond: null).Topics.Single();
        var offline = topic.Partitions[0] with { LogStartOffset = null, LogEndOffset = null, Error = "offline: no leader" };
        var report = new AuditReport([topic with { Partitions = [offline] }]);

        Assert.Equal("orders 0 offline 9 - 8 1 0 0", Lines(AuditCommand.ToTable(report))[1], WhiteSpaceIsOne);
        Assert.Equal(
            "Nothing can be said of orders, partition 0 (offline: no leader): see the log of its broker, "
                + "of the stand's own with  millrace logs broker",
            Assert.Single(AuditSentences.Of(report, "millrace")));
    }

    [Fact]
    public void Audit_says_nothing_when_all_is_well() =>
        Assert.Empty(AuditSentences.Of(Audit(missing: 0, twice: 0, beyond: null), "millrace"));

    [Fact]
    public void The_live_table_shows_a_dash_for_what_is_not_known_and_says_why()
    {
        var stream = new StreamStatus("orders", "orders", "orders_table", null, null, null, null, 1234, 50, 0, 61.5, 130);
        var status = new StandStatus(Now, "no answer from Kafka", null, [stream]);
        var emitter = new EmitterSummary(1000, 998.2, 990, 12345, 15, 0, IsWaiting: true, null);
        var lines = Lines(FlowTable.Render(status, emitter, ["no answer from Kafka"]));
        Assert.Equal("orders - - orders_table 50 1,234 0 62 130", lines[1], WhiteSpaceIsOne);
        Assert.Contains("emitter: 998 events/s of 1,000, 12,345 acknowledged, 15 in flight, 0 failed; waiting for Kafka", lines);
        Assert.Contains("no answer from Kafka", lines);
    }

    [Fact]
    public void The_live_table_names_a_service_that_failed_at_a_restart()
    {
        var failed = new ServiceStatus("broker", ServiceState.Failed, null, Now, 0, null, "exit code 4");
        var running = new ServiceStatus("emitter", ServiceState.Running, null, Now, 0, null, null);
        Assert.Equal(["broker: failed (exit code 4)", "no answer"], LiveView.Troubles([failed, running], ["no answer"]));
    }

    [Fact]
    public async Task Without_a_terminal_up_shows_a_dash_for_what_is_not_known_and_says_why()
    {
        using var output = new StringWriter();
        using var stop = new CancellationTokenSource();
        using var directory = new TemporaryDirectory();
        var paths = new StandPaths(directory.Path, Path.Combine(Repository.Root, "streams"));
        using var dataLock = DataDirectoryLock.TryTake(paths)!;
        var plan = new StandPlan([]) { Kafka = "127.0.0.1:1", ClickHouse = new Uri("http://127.0.0.1:1/") };
        var board = new StandBoard(plan, paths, dataLock, paths.Socket, TimeProvider.System);
        var shown = new ViewPump(new PlainView(TextWriter.Synchronized(output), new FixedTime(Now)), board.Watch());
        board.Enter(StandPhase.Running);
        var feed = SupervisedStand.FeedAsync(board, new StatusHub(), TimeSpan.Zero, TimeProvider.System, stop.Token);
        await Eventually.Holds(() => output.ToString().Split('\n').Length > 5, "a line for each of three streams and two troubles");
        await stop.CancelAsync();
        await feed;
        await board.EndAsync();
        await shown.EndWithinAsync(Eventually.DefaultLimit);
        Assert.Contains(
            "2026-11-22T18:00:00Z orders: -/s produced, lag -; orders_table: - rows/s, - rows, - dead letters, p99 - ms\n",
            output.ToString(), StringComparison.Ordinal);
        Assert.Contains("no answer from Kafka at 127.0.0.1:1", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("no answer from ClickHouse at http://127.0.0.1:1/", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, "SERVICE STATE PID FOR RESTARTS MEMORY ENDPOINT LAST EXIT")]
    [InlineData(80, "SERVICE STATE PID FOR RESTARTS MEMORY ENDPOINT")]
    [InlineData(60, "SERVICE STATE PID FOR MEMORY ENDPOINT")]
    [InlineData(40, "SERVICE STATE ENDPOINT")]
    public void Ps_drops_columns_on_a_narrow_terminal_and_cuts_nothing(int width, string headings)
    {
        var broker = new ServiceReport("broker", "running", 16453, 61, 12, 80_000_000, "http://127.0.0.1:8123/", "killed (SIGKILL)");
        var lines = Lines(new StandReport("/data", "running", null, null, [broker], []).ToTable(), width);
        Assert.Equal(2, lines.Count(line => line.Length > 0));
        Assert.Equal(headings, lines[0], WhiteSpaceIsOne);
        Assert.DoesNotContain("…", lines[1], StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8123/", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, "TOPIC PRODUCED/S LAG TABLE ROWS/S ROWS DEAD P50 MS P99 MS")]
    [InlineData(80, "TOPIC PRODUCED/S LAG ROWS/S ROWS DEAD P99 MS")]
    [InlineData(60, "TOPIC LAG ROWS DEAD P99 MS")]
    public void The_live_table_drops_columns_on_a_narrow_terminal_and_wraps_no_number(int width, string headings)
    {
        var stream = new StreamStatus(
            "user_clicks", "user_clicks", "clicks_table", 1, 150_000.4, 1, 1_234_567, 12_345_678_901, 150_000, 1_234_567, 1234, 5678);
        var lines = Lines(FlowTable.Render(new StandStatus(Now, null, null, [stream]), null, []), width);
        Assert.Equal(headings, lines[0], WhiteSpaceIsOne);
        Assert.Contains("12,345,678,901", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("5,678", lines[1], StringComparison.Ordinal);
    }

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <summary>Columns grow with what is in them; which words stand in a line is what matters.</summary>
    static IEqualityComparer<string> WhiteSpaceIsOne { get; } = EqualityComparer<string>.Create(
        (a, b) => Squeeze(a!) == Squeeze(b!), text => Squeeze(text).GetHashCode(StringComparison.Ordinal));

    static string Squeeze(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static GroupDescription Group(string id, string client, params GroupPartition[] partitions)
    {
        var assignment = new GroupAssignment(partitions[0].Topic, partitions[0].Partition);
        return new(id, "Stable", "range", [new GroupMember("m", client, "127.0.0.1", [assignment])], partitions);
    }

    static IReadOnlyList<string> Lines(IRenderable renderable, int width = 200)
    {
        using var console = new TestConsole();
        console.Profile.Width = width;
        console.Write(renderable);
        return [.. console.Lines.Select(line => line.TrimEnd())];
    }

    static AuditReport Audit(long missing, long twice, long? beyond) => new([new TopicAudit("orders", "orders", "orders_table", [new PartitionAudit
    {
        Partition = 0,
        LogStartOffset = 0,
        LogEndOffset = 10,
        CommittedOffset = 9,
        Rows = 8,
        DeadLetters = 1,
        Tombstones = 0,
        AbsentOffsets = 0,
        Missing = missing,
        StoredTwice = twice,
        MissingRanges = missing > 0 ? [new OffsetRange(3, 4)] : [],
        StoredBeyondLogEnd = beyond,
    }])]);
}
