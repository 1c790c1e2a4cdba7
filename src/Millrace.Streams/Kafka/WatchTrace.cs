using Microsoft.Extensions.Logging;

namespace Millrace.Streams.Kafka;

/// <summary>What the watch over partitions reports. Event ids 3300 to 3399.</summary>
static partial class WatchTrace
{
    [LoggerMessage(3300, LogLevel.Information, "nobody reads {Partitions}: group {Group} is made to share out its partitions anew")]
    public static partial void Overlooked(ILogger log, string partitions, string group);

    [LoggerMessage(3301, LogLevel.Information, "whether new partitions are read can't be seen to ({Why}); audit tells when one is not")]
    public static partial void Blind(ILogger log, string why);
}
