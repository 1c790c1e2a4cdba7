using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Topics;

/// <summary>
/// Says of a topic that a client asks for and that is not there, once: clients ask again each second. A misspelt name is found in the log
/// then, where the client itself only waits.
/// </summary>
/// <remarks>Thread-safe.</remarks>
sealed class AbsentTopics(bool autoCreate, ILogger logger)
{
    /// <summary>Names remembered; of further ones nothing is said, as a client may make them up.</summary>
    const int MaxNames = 1000;

    readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    public void Tell(string topic, string clientId)
    {
        if (_told.Count < MaxNames && _told.TryAdd(topic, true)) logger.TopicNotMade(clientId, topic, autoCreate ? "true" : "false");
    }
}
