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

    /// <param name="stand">Knows what they took.</param>
    public static void Write(StandPaths paths, StandPorts ports, StandState stand)
    {
        var taken = ports.Choices.Where(pair => !pair.Value.IsFixed)
            .ToDictionary(pair => pair.Key, pair => new TakenPort(pair.Value.Wanted, stand.Ports[pair.Key]));
        if (taken.Count == 0) return;
        try
        {
            PrivateFile.Replace(paths.Ports, JsonSerializer.SerializeToUtf8Bytes(taken, SupervisionJson.Default.DictionaryStringTakenPort));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The stand is worth more than its ports.
        }
    }
}
