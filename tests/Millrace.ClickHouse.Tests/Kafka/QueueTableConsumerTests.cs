using System.Buffers.Binary;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.ClickHouse.Kafka;

namespace Millrace.ClickHouse.Tests.Kafka;

public sealed class QueueTableConsumerTests
{
    const short FindCoordinator = 10;
    const short LeaveGroup = 13;

    /// <summary>The answer's correlation id and an error code: all is well.</summary>
    static readonly byte[] Left = [0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task A_member_leaves_at_the_coordinator_that_the_first_broker_to_answer_names()
    {
        await using var coordinator = new ScriptedBroker(_ => ScriptedBroker.Frame(Left));
        await using var broker = new ScriptedBroker(_ => ScriptedBroker.Frame(Coordinator(coordinator.Port)));

        await Leave($"127.0.0.1:1, 127.0.0.1:{broker.Port}");

        Assert.Equal([FindCoordinator], broker.ApiKeys);
        Assert.Equal([LeaveGroup], coordinator.ApiKeys);
    }

    /// <summary>librdkafka takes such a list, and goes on with the brokers that it reaches.</summary>
    [Theory]
    [InlineData("127.0.0.1:99999999999")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("127.0.0.1:kafka")]
    public async Task A_member_leaves_though_a_broker_of_the_list_has_no_port_that_exists(string first)
    {
        await using var coordinator = new ScriptedBroker(_ => ScriptedBroker.Frame(Left));
        await using var broker = new ScriptedBroker(_ => ScriptedBroker.Frame(Coordinator(coordinator.Port)));

        await Leave($"{first}, 127.0.0.1:{broker.Port}");

        Assert.Equal([LeaveGroup], coordinator.ApiKeys);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0, 0, 0, 2, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 0xFF })]
    [InlineData(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF, 0 })]
    public async Task Whatever_answers_instead_of_a_broker_does_not_hold_up_the_stop(byte[] answer)
    {
        await using var stranger = new ScriptedBroker(_ => answer);
        var before = GC.GetTotalAllocatedBytes();

        await Leave($"127.0.0.1:{stranger.Port}");

        Assert.Equal([FindCoordinator], stranger.ApiKeys);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100_000_000);
    }

    [Fact]
    public async Task A_broker_that_knows_no_coordinator_is_not_asked_to_let_the_member_go()
    {
        byte[] notAvailable = [0, 0, 0, 0, 0, 15, 255, 255, 255, 255, 0, 0, 255, 255, 255, 255];
        await using var broker = new ScriptedBroker(_ => ScriptedBroker.Frame(notAvailable));

        await Leave($"127.0.0.1:{broker.Port}");

        Assert.Equal([FindCoordinator], broker.ApiKeys);
    }

    [Theory]
    [InlineData(0, LogLevel.Information)]
    [InlineData(25, LogLevel.Warning)]
    public async Task Only_error_code_0_is_told_as_a_member_that_left(byte code, LogLevel expected)
    {
        await using var coordinator = new ScriptedBroker(_ => ScriptedBroker.Frame([0, 0, 0, 0, 0, code]));
        await using var broker = new ScriptedBroker(_ => ScriptedBroker.Frame(Coordinator(coordinator.Port)));
        var logger = new LevelLogger();

        await Leave($"127.0.0.1:{broker.Port}", logger);

        Assert.Equal([expected], logger.Levels);
    }

    static Task Leave(string brokers, ILogger? logger = null) =>
        new QueueTableConsumer(brokers, "g", "m").LeaveAsync(logger ?? NullLogger.Instance, CancellationToken.None);

    sealed class LevelLogger : ILogger
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Levels.Add(logLevel);
    }

    /// <summary>Correlation id, error code 0, node id 1, host, port.</summary>
    static byte[] Coordinator(int port)
    {
        var host = Encoding.ASCII.GetBytes($"{IPAddress.Loopback}");
        byte[] answer = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, (byte)host.Length, .. host, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(answer.Length - sizeof(int)), port);
        return answer;
    }
}
