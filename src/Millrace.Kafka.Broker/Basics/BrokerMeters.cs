using System.Diagnostics.Metrics;
using System.Text.Json;
using Millrace.Kafka.Protocol;

namespace Millrace.Kafka.Broker.Basics;

/// <summary>
/// What the brokers of this process measure of themselves. Names are those that OpenTelemetry gives Kafka's own
/// (https://github.com/open-telemetry/opentelemetry-java-instrumentation, kafka-broker.md), where it has one. Any thread may measure;
/// without a listener a measurement costs next to nothing.
/// </summary>
static class BrokerMeters
{
    /// <summary>No API of Kafka has it: of a request that ended before it was known.</summary>
    public const ApiKey UnknownApi = (ApiKey)(-1);

    const string RequestType = "kafka.request.type";

    static readonly Meter Meter = new("Millrace.Kafka.Broker");

    static readonly Histogram<double> RequestTime = Meter.CreateHistogram<double>(
        "kafka.request.time", "s", "From the whole request to its whole response, waiting included.");

    static readonly Counter<long> RequestsFailed = Meter.CreateCounter<long>(
        "kafka.request.failed", "{request}", "Requests answered with an error, or by closing the connection.");

    static readonly Histogram<double> FetchWait = Meter.CreateHistogram<double>(
        "kafka.fetch.wait.time", "s", "How long a Fetch waited for records that were not there yet.");

    static readonly Counter<long> NetworkIo = Meter.CreateCounter<long>(
        "kafka.network.io", "By", "Bytes of requests that came, and of responses that were sent.");

    static readonly Counter<long> Messages = Meter.CreateCounter<long>("kafka.message.count", "{message}", "Records appended.");

    static readonly Histogram<double> FlushTime = Meter.CreateHistogram<double>("kafka.logs.flush.time", "s", "fsync of a segment.");

    static readonly UpDownCounter<long> ConnectionsOpen = Meter.CreateUpDownCounter<long>(
        "kafka.connection.count", "{connection}", "Connections of clients that are open.");

    static readonly KeyValuePair<string, object?> In = new("direction", "in");

    static readonly KeyValuePair<string, object?> Out = new("direction", "out");

    /// <summary>Names are kept: a text for each request would be garbage.</summary>
    static readonly Dictionary<ApiKey, string> ApiNames = Enum.GetValues<ApiKey>().ToDictionary(key => key, key => key.ToString());

    static long _generations;

    static BrokerMeters() => Meter.CreateObservableCounter(
        "kafka.group.rebalance.count", () => Volatile.Read(ref _generations), "{rebalance}", "Generations that groups have begun.");

    /// <param name="requestBytes">With the frame's length.</param>
    /// <param name="error">The first in the response; <see cref="ErrorCode.None"/> where all went well.</param>
    public static void Request(ApiKey api, TimeSpan elapsed, int requestBytes, ErrorCode error)
    {
        NetworkIo.Add(requestBytes, In);
        if (!ApiNames.TryGetValue(api, out var name)) name = "unknown";
        RequestTime.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(RequestType, name));
        if (!IsAStep(error)) RequestsFailed.Add(1, new(RequestType, name), new("error.type", NameOf(error)));
    }

    /// <param name="bytes">Of a response, that the system has taken.</param>
    public static void Sent(int bytes) => NetworkIo.Add(bytes, Out);

    public static void FetchWaited(TimeSpan elapsed) => FetchWait.Record(elapsed.TotalSeconds);

    public static void Appended(long records) => Messages.Add(records);

    public static void Flushed(TimeSpan elapsed) => FlushTime.Record(elapsed.TotalSeconds);

    /// <summary>Only counts, as it is called with a group's lock held: whoever listens is told when he asks.</summary>
    public static void GenerationStarted() => Interlocked.Increment(ref _generations);

    public static void ConnectionOpened() => ConnectionsOpen.Add(1);

    public static void ConnectionClosed() => ConnectionsOpen.Add(-1);

    /// <summary>Not a failure: what every member of a group is told on its way into a generation (KIP-394 for its id).</summary>
    static bool IsAStep(ErrorCode error) => error is ErrorCode.None or ErrorCode.MemberIdRequired or ErrorCode.RebalanceInProgress;

    /// <summary>As Kafka writes its errors: UNKNOWN_TOPIC_OR_PARTITION.</summary>
    static string NameOf(ErrorCode error) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(error.ToString());
}
