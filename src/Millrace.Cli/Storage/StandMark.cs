using System.Text;

namespace Millrace.Cli.Storage;

/// <summary>
/// What makes a folder a stand's data directory: the text of its lock file. It lists what the stand made there, which is what <c>down
/// -v</c> deletes. docs/decisions/0003 says why it is this file.
/// </summary>
static class StandMark
{
    /// <summary>In the list: the stand made the folder itself.</summary>
    public const string Folder = ".";

    const string Title = "The data of a Millrace stand: its command `down -v` deletes what is listed here, and this file last.";

    /// <summary>In bytes: a file that is larger is none of ours.</summary>
    const int Longest = 4096;

    public static byte[] Text(IEnumerable<string> names) => Encoding.UTF8.GetBytes(string.Join('\n', names.Prepend(Title)) + "\n");

    /// <returns>The names that it lists; null when there is no mark.</returns>
    public static IReadOnlyList<string>? Read(string path)
    {
        if (FileFacts.Of(path) is not { Kind: FileKind.File, Size: <= Longest } || PrivateFile.Read(path) is not { } bytes) return null;
        var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines is [Title, .. var names] ? [.. names.Where(IsName)] : null;
    }

    /// <summary>
    /// A lock file without a word: of the first release, or of a stand that was killed, or lost its power, before it wrote one.
    /// </summary>
    public static bool IsUnwritten(string path)
    {
        if (FileFacts.Of(path) is not { Kind: FileKind.File, Size: <= Longest } || PrivateFile.Read(path) is not { } bytes) return false;
        return Array.TrueForAll(bytes, each => each == 0) || Title.StartsWith(Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    /// <summary>Nothing in the list leads out of the folder.</summary>
    static bool IsName(string name) => name != ".." && !name.Contains('/', StringComparison.Ordinal);
}
