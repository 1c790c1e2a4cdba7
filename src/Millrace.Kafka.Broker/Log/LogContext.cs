using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Log;

/// <summary>What the logs of all partitions share. Immutable.</summary>
/// <param name="Worker">Flushes full segments and unlinks those that are gone. Disposed after the logs.</param>
sealed record LogContext(IFileSystem Files, DiskWorker Worker, TimeProvider Clock, ILogger Logger);
