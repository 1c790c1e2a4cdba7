using System.Globalization;
using System.Text;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Log;

/// <summary>
/// One offset in Apache Kafka's text format (OffsetCheckpointFile.java):
/// <code>
/// 0                        version
/// 1                        lines that follow
/// topic partition offset
/// </code>
/// </summary>
static class OffsetCheckpoint
{
    /// <summary>0, which is always safe, when there is no such file or it makes no sense.</summary>
    public static long Read(IFileSystem files, string path)
    {
        if (files.ReadWhole(path) is not { } bytes) return 0;
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        if (lines.Length < 3 || lines[0] != "0" || lines[1] != "1") return 0;
        var offset = lines[2].Split(' ')[^1];
        return long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }

    /// <param name="directory">The partition's; its name gives topic and partition.</param>
    public static void Write(IFileSystem files, string path, string directory, long offset)
    {
        var name = Path.GetFileName(directory);
        var dash = name.LastIndexOf('-');
        var (topic, partition) = dash < 0 ? (name, "0") : (name[..dash], name[(dash + 1)..]);
        files.ReplaceWhole(path, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"0\n1\n{topic} {partition} {offset}\n")));
    }
}
