using System.Globalization;
using System.Xml.Linq;
using Millrace.ClickHouse.Native;
using Millrace.ClickHouse.Options;

namespace Millrace.ClickHouse.Embedding;

/// <summary>
/// The engine's config file, written anew at each start: nothing in it is meant to be edited. It names no system log, so there is no
/// query_log: each would cost a thread, a buffer, and parts that merge for ever, for what X-ClickHouse-Summary tells the client anyway. The
/// engine reads it from memory: beside a file it would look for config.d and conf.d as well, and any query may write into the data
/// directory, so it could give itself rights by the next start (ConfigProcessor::getConfigMergeFiles in its
/// src/Common/Config/ConfigProcessor.cpp).
/// </summary>
static class ClickHouseConfigFile
{
    const long MiB = 1 << 20;

    /// <returns>To be kept while the engine runs: it looks whether its users have changed.</returns>
    /// <exception cref="ClickHouseStartException">It can't be written, as on a full disk.</exception>
    public static SealedFile Write(ClickHouseOptions options)
    {
        try
        {
            var config = new SealedFile("config.xml", (path, stream) => Save(Document(path, options), stream));
            Show(config, Path.Combine(options.DataDirectory, "config.xml"));
            return config;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataDirectoryHold.Refused(options.DataDirectory, e);
        }
    }

    // A path that does not end in .xml is one of XML only if < is the first byte: no byte order mark.
    static void Save(XDocument document, Stream stream)
    {
        using var writer = new StreamWriter(stream);
        document.Save(writer);
    }

    // A copy for people, under a name that is new: a link that somebody laid under it, or under the file's own, is replaced
    // and not written through.
    static void Show(SealedFile config, string path)
    {
        var incoming = path + ".incoming";
        File.Delete(incoming);
        using (var file = new FileStream(incoming, FileMode.CreateNew, FileAccess.Write))
        using (var source = File.OpenRead(config.Path))
            source.CopyTo(file);
        File.Move(incoming, path, overwrite: true);
    }

    // The same file holds what a server has in users.xml: one name less to write.
    static XDocument Document(string path, ClickHouseOptions options)
    {
        var access = ClickHouseAccess.Xml(withFiles: options.FileFolders is not null);
        return new XDocument(new XElement(
            "clickhouse",
            new XElement("users_config", path), access, Logger(), Memory(), Pools(options.KafkaTables), Kafka(options.Kafka)));
    }

    // Warnings and errors go to the process's stderr, where `millrace logs clickhouse` finds them. The level is read from
    // log-level, not from logger/level (chdb-core's programs/local/EmbeddedServer.cpp). These loggers are off: executeQuery repeats
    // with a stack trace what the client is told anyway; ThreadStatus complains about each chdb_stream_insert, whose worker thread makes
    // a second ThreadStatus (runInsertStreamWorker in chdb-core's programs/local/ChdbClient.cpp); the pool of queue tables warns twice a
    // minute that a long task made it wait.
    static object Logger() => new object[]
    {
        new XElement("log-level", "warning"),
        new XElement(
            "logger",
            new XElement("console", 1),
            new XElement("color", 0),
            new XElement("levels", SilentLoggers.Select(name => Level(name, "none")))),
    };

    static IEnumerable<string> SilentLoggers { get; } = ["executeQuery", "ThreadStatus", "BackgroundSchedulePool/BgStrmSchPool"];

    static XElement Level(string logger, string level) => new("logger", new XElement("name", logger), new XElement("level", level));

    // Defaults are meant for a server that has the machine to itself: caches of 5 GiB (mark) and 8 GiB (uncompressed) at most.
    static object Memory() => new object[]
    {
        Number("max_server_memory_usage_to_ram_ratio", 0.6),
        Number("mark_cache_size", 64 * MiB),
        Number("index_mark_cache_size", 16 * MiB),
        Number("uncompressed_cache_size", 0),
        Number("index_uncompressed_cache_size", 0),
        Number("primary_index_cache_size", 32 * MiB),
        Number("mmap_cache_size", 64),
        Number("compiled_expression_cache_size", 16 * MiB),
        Number("query_condition_cache_size", 8 * MiB),
    };

    // The pool of queue tables, each with one consumer that wants a thread, and a quarter more for tables of the user's; 16 is ClickHouse's
    // own. Two merging threads are enough for two cores; the others only wait, each with its stack.
    static object Pools(int kafkaTables) => new object[]
    {
        Number("background_message_broker_schedule_pool_size", Math.Max(16, kafkaTables + kafkaTables / 4)),
        Number("background_pool_size", 2),
        Number("background_merges_mutations_concurrency_ratio", 2),
        Number("background_schedule_pool_size", 16),
        Number("background_fetches_pool_size", 1),
        Number("background_common_pool_size", 2),
        Number("background_move_pool_size", 1),
        Number("tables_loader_foreground_pool_size", 2),
        Number("tables_loader_background_pool_size", 2),
    };

    // ClickHouse turns _ into . in these names, but for log_level (setKafkaConfigValue in its src/Storages/Kafka/KafkaConfigLoader.cpp):
    // any property of librdkafka's CONFIGURATION.md can stand here. log_level 2 is LOG_CRIT: with errors (3), a broker that is away fills
    // the log with 20 lines a second; they are in system.kafka_consumers.exceptions all the same.
    static XElement Kafka(KafkaClientOptions kafka) => new(
        "kafka",
        Number("log_level", 2),
        Number("session_timeout_ms", kafka.SessionTimeoutMs),
        Number("heartbeat_interval_ms", kafka.HeartbeatIntervalMs),
        Number("statistics_interval_ms", kafka.StatisticsIntervalMs),
        Number("topic_metadata_refresh_interval_ms", kafka.TopicMetadataRefreshIntervalMs),
        Number("reconnect_backoff_max_ms", kafka.ReconnectBackoffMaxMs),
        Number("fetch_queue_backoff_ms", kafka.FetchQueueBackoffMs));

    static XElement Number(string name, IFormattable value) => new(name, value.ToString(null, CultureInfo.InvariantCulture));
}
