using System.Text.Json;

namespace Millrace.Cli.Supervision;

/// <summary>The state of a stand on disk. One writer, the supervisor; any number of readers, who never see half of it.</summary>
sealed class StateFile(string path)
{
    /// <summary>What the file says, whether or not its supervisor still lives; null when there is none, or none that can be read.</summary>
    public StandState? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SupervisionJson.Default.StandState);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The state of a stand whose supervisor lives; null when there is none.</summary>
    public StandState? ReadLive() => Read() is { Supervisor.IsAlive: true } state ? state : null;

    public void Write(StandState state)
    {
        var incoming = path + ".incoming";
        File.WriteAllBytes(incoming, JsonSerializer.SerializeToUtf8Bytes(state, SupervisionJson.Default.StandState));
        File.Move(incoming, path, overwrite: true);
    }

    public void Delete() => File.Delete(path);
}
