using Millrace.Cli.Basics;
using Millrace.Cli.Documents;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Supervision;

/// <summary>
/// A data directory in the temporary folder, for a stand that nobody looks at again. Deleted at the end; what a killed process left is
/// deleted by the next.
/// </summary>
sealed class ScratchFolder : IDisposable
{
    static readonly string[] Commands = ["check", "bench"];

    ScratchFolder(StandPaths paths) => Paths = paths;

    public StandPaths Paths { get; }

    /// <param name="command">For whom: its name is in the folder's.</param>
    /// <exception cref="CliException">It can't be made, or its disk is full.</exception>
    public static ScratchFolder Create(string command)
    {
        const string elsewhere = "name a folder on another disk with TMPDIR";
        try
        {
            var folder = new ScratchFolder(PathsOf(Directory.CreateTempSubdirectory(PrefixOf(command)).FullName));
            try
            {
                StandData.RequireRoom(folder.Paths, elsewhere);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                ExitCodes.CannotStart,
                $"{Path.GetTempPath()} can't be written ({e.Message.TrimEnd('.')}): make it writable, or {elsewhere}.", e);
        }
    }

    /// <summary>Deletes the folders of those that were killed, once their services are gone. Another user's stay.</summary>
    public static async Task DeleteLeftAsync(CancellationToken cancellation)
    {
        foreach (var folder in Commands.SelectMany(command => Directory.GetDirectories(Path.GetTempPath(), PrefixOf(command) + "*")))
        {
            if (FileFacts.Of(folder) is not { Kind: FileKind.Folder, IsMine: true }) continue;
            var paths = PathsOf(folder);
            // One that ends in order deletes it itself, and its state before.
            if (new StateFile(paths.State).Read() is not { Supervisor.IsAlive: false } left) continue;
            await StandData.EndLeftoversAsync(left, cancellation);
            Delete(paths);
        }
    }

    public void Dispose() => Delete(Paths);

    static string PrefixOf(string command) => $"millrace-{command}-";

    static StandPaths PathsOf(string folder) => new(folder, Path.Combine(folder, "streams"));

    static void Delete(StandPaths paths)
    {
        try
        {
            DataWipe.Run(paths);
            Directory.Delete(paths.Data);
        }
        catch (Exception e) when (e is CliException or IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(paths.Data))
                Terminal.Note($"{paths.Data} can't be deleted ({e.Message.TrimEnd('.')}): delete it by hand.");
        }
    }
}
