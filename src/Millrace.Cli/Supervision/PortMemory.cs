using System.Net;
using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Supervision;

/// <summary>
/// Remembers the ports that servers took, for the next start to try first: clients know them, and setup makes ClickHouse's queue tables anew
/// for another address of the broker.
/// </summary>
static class PortMemory
{
    /// <returns>By service; empty when there is nothing to remember.</returns>
    public static Dictionary<string, TakenPort> Read(StandPaths paths)
    {
        try
        {
            if (PrivateFile.Read(paths.Ports) is { } bytes)
                return JsonSerializer.Deserialize(bytes, SupervisionJson.Default.DictionaryStringTakenPort) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // As if there were none.
        }
        return [];
    }

    /// <param name="wanted">By service, where its server took one of several.</param>
    public static void Write(StandPaths paths, IReadOnlyDictionary<string, int> wanted, StandState stand)
    {
        if (wanted.Count == 0) return;
        var ports = wanted.ToDictionary(pair => pair.Key, pair => new TakenPort(pair.Value, PortOf(stand, pair.Key)));
        try
        {
            PrivateFile.Replace(paths.Ports, JsonSerializer.SerializeToUtf8Bytes(ports, SupervisionJson.Default.DictionaryStringTakenPort));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The stand is worth more than its ports.
        }
    }

    static int PortOf(StandState stand, string service) =>
        service == ServiceNames.Broker ? IPEndPoint.Parse(stand.Kafka!).Port : stand.ClickHouse!.Port;
}
