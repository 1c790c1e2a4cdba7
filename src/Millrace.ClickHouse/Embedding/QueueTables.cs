using Microsoft.Extensions.Logging;
using Millrace.ClickHouse.Diagnostics;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Kafka;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Embedding;

/// <summary>The tables of engine Kafka, at shutdown.</summary>
static class QueueTables
{
    /// <summary>
    /// Detaches them, which ends the block at hand and commits it, then takes their consumers out of the group, so that whoever comes next
    /// gets the partitions at once. The detach is not permanent: the next start finds the tables attached and consuming.
    /// </summary>
    /// <returns>
    /// False when the engine was not through with it in time. What it refuses and what the brokers do not hear in time is only logged.
    /// </returns>
    public static async Task<bool> LeaveAsync(Engine engine, TimeSpan timeout, ILogger logger)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            var consumers = await EngineThread.RunAsync(() => Consumers(engine)).WaitAsync(deadline.Token);
            var tables = await EngineThread.RunAsync(() => Names(engine)).WaitAsync(deadline.Token);
            var detaching = tables.Select(table => EngineThread.RunAsync(() => Detach(engine, table, logger)));
            await Task.WhenAll(detaching).WaitAsync(deadline.Token);
            await Task.WhenAll(consumers.Select(consumer => consumer.LeaveAsync(logger, deadline.Token)));
            return true;
        }
        catch (OperationCanceledException)
        {
            logger.DetachTimedOut(timeout);
            return false;
        }
        catch (EngineException e)
        {
            logger.QueueTablesUnknown(e.Message);
            return true;
        }
    }

    static string[] Names(Engine engine) =>
    [
        .. Rows(engine, "SELECT database, name FROM system.tables WHERE engine = 'Kafka'")
            .Select(row => $"{SqlText.Name(row[0])}.{SqlText.Name(row[1])}"),
    ];

    static QueueTableConsumer[] Consumers(Engine engine) => [.. Rows(engine, """
        SELECT
            extract(engine_full, 'kafka_broker_list = \'([^\']*)\''),
            extract(engine_full, 'kafka_group_name = \'([^\']*)\''),
            consumer_id
        FROM system.kafka_consumers AS c INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
        WHERE consumer_id != ''
        """).Select(row => new QueueTableConsumer(row[0], row[1], row[2]))];

    static IEnumerable<string[]> Rows(Engine engine, string query)
    {
        using var session = engine.Open();
        return session.Rows(query);
    }

    static void Detach(Engine engine, string table, ILogger logger)
    {
        try
        {
            using var session = engine.Open();
            session.Execute($"DETACH TABLE {table} SYNC");
        }
        catch (EngineException e)
        {
            logger.DetachFailed(table, e.Message);
        }
    }
}
