using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Cli.Supervision;
using Millrace.Streams.Status;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Supervision;

public sealed class SupervisedStandTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly DataDirectoryLock _lock;
    readonly StandBoard _board;

    public SupervisedStandTests()
    {
        var paths = new StandPaths(_directory.Sub("data"), _directory.Path);
        Directory.CreateDirectory(paths.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Define("orders");
        _lock = DataDirectoryLock.TryTake(paths)!;
        ServiceSpec setup = new(ServiceNames.Setup, [], _ => throw new InvalidOperationException("Nobody starts it."), RunsOnce: true);
        var plan = new StandPlan([setup]) { Kafka = "127.0.0.1:1", ClickHouse = new Uri("http://127.0.0.1:1/") };
        _board = new StandBoard(plan, paths, _lock, paths.Socket, TimeProvider.System);
    }

    [Fact]
    public async Task After_a_setup_that_ran_again_what_flows_is_read_by_the_definitions_of_now()
    {
        using var stop = new CancellationTokenSource();
        SetUp(Now);
        using var watch = _board.Watch();
        _board.Enter(StandPhase.Running);
        var feed = SupervisedStand.FeedAsync(_board, new StatusHub(), TimeSpan.Zero, TimeProvider.System, stop.Token);
        await UntilAsync(watch, "orders");

        Define("refunds");
        SetUp(Now.AddMinutes(1));

        await UntilAsync(watch, "orders", "refunds");
        await stop.CancelAsync();
        await feed;
    }

    [Fact]
    public void The_state_names_the_streams_that_wait_and_keeps_them_while_a_server_is_away()
    {
        _board.Flows(Status(null, "orders waits"));
        Assert.Equal([new StreamTrouble("orders", "orders waits")], _board.State.Troubles);
        var known = _board.State;

        _board.Flows(Status(null, "orders waits"));
        _board.Flows(Status("no answer from Kafka", null));
        Assert.Same(known, _board.State);

        _board.Flows(Status(null, null));
        Assert.Empty(_board.State.Troubles);
    }

    [Fact]
    public void The_flow_is_told_in_the_words_of_the_documentation() =>
        Assert.StartsWith(
            """{"time":"2026-11-22T18:00:00+00:00","kafka_trouble":null,"clickhouse_trouble":null,"streams":[{"stream":"orders",""",
            JsonSerializer.Serialize(Status(null, null), OutputJson.Default.StandStatus), StringComparison.Ordinal);

    public void Dispose()
    {
        _lock.Dispose();
        _directory.Dispose();
    }

    static async Task UntilAsync(StandWatch watch, params string[] topics)
    {
        using var limit = new CancellationTokenSource(Eventually.DefaultLimit);
        await foreach (var document in watch.ReadAllAsync(limit.Token))
            if (document.Flow?.Streams.Select(stream => stream.Topic).SequenceEqual(topics) == true) return;
    }

    static StandStatus Status(string? kafkaTrouble, string? trouble) => new(
        Now, kafkaTrouble, null,
        [new StreamStatus("orders", "orders", "orders_table", 1, 0, 0, 1, 0, 0, 0, null, null) { Trouble = trouble }]);

    void SetUp(DateTimeOffset since) =>
        _board.Update(new ServiceStatus(ServiceNames.Setup, ServiceState.Finished, null, since, 0, null, "exit code 0"));

    void Define(string name) => File.WriteAllText(_directory.Sub($"{name}.yaml"), $$"""
        stream: {{name}}
        topic: {{name}}
        partitions: 1
        key: id
        table: {{name}}_table
        order_by: [id]
        weight: 0
        columns:
          - { name: id, type: UInt64, generate: session.user_id }
        """);
}
