using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse;

/// <summary>The tables of engine Kafka, at shutdown.</summary>
static class QueueTables
{
    /// <summary>
    /// Detaches them, which makes their consumers leave the group at once; closing the engine alone leaves the partitions taken until
    /// the session times out. The detach is not permanent: the next start finds the tables attached and consuming.
    /// </summary>
    /// <returns>False when they did not make it in time, as with a broker that is gone.</returns>
    public static async Task<bool> Leave(Engine engine, TimeSpan timeout, ILogger logger)
    {
        var tables = await EngineThread.Run(() => List(engine));
        var leaving = Task.WhenAll(tables.Select(table => EngineThread.Run(() => Detach(engine, table, logger))));
        var left = await Task.WhenAny(leaving, Task.Delay(timeout)) == leaving;
        if (!left) logger.LeaveTimedOut(timeout);
        return left;
    }

    static string[] List(Engine engine)
    {
        using var session = engine.Open();
        var rows = session.Execute("SELECT database, name FROM system.tables WHERE engine = 'Kafka' FORMAT JSONCompactEachRow").Data;
        return [.. Encoding.UTF8.GetString(rows).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Name)];
    }

    static string Name(string row)
    {
        var parts = JsonSerializer.Deserialize<string[]>(row)!;
        return $"{SqlText.Name(parts[0])}.{SqlText.Name(parts[1])}";
    }

    static void Detach(Engine engine, string table, ILogger logger)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var session = engine.Open();
            session.Execute($"DETACH TABLE {table} SYNC");
            logger.LeftGroup(table, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (ClickHouseException e)
        {
            logger.DetachFailed(table, e.Message);
        }
    }
}
