using System.Text.Json;
using Millrace.Cli.Basics;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Documents;

/// <summary>The state of a stand on disk. One writer, the supervisor; any number of readers, who never see half of it.</summary>
sealed class StateFile(string path)
{
    /// <summary>What the file says, whether or not its supervisor still lives; null when there is none, or none that can be read.</summary>
    /// <exception cref="CliException">It is another user's, who could name any process of ours as a service.</exception>
    public StandState? Read()
    {
        try
        {
            return PrivateFile.Read(path) is { } bytes ? JsonSerializer.Deserialize(bytes, SupervisionJson.Default.StandState) : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The state of a stand whose supervisor lives; null when there is none.</summary>
    public StandState? ReadLive() => Read() is { Supervisor.IsAlive: true } state ? state : null;

    public void Write(StandState state) =>
        PrivateFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(state, SupervisionJson.Default.StandState));

    public void Delete() => File.Delete(path);
}
