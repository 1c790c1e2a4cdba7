using System.Text;

namespace Millrace.Cli.Logs;

/// <summary>Reads a service's log from any point on, through rotations. Not thread-safe: one reader per command and service.</summary>
sealed class LogReader(string service, string path) : IDisposable
{
    /// <summary>So many bytes at the start tell two files apart: they hold the time of the first line.</summary>
    const int SignatureBytes = 64;

    FileStream? _file;
    byte[] _signature = [];
    string _rest = "";
    DateTimeOffset _lastTime;

    /// <summary>The last lines of the log, the rotated file included, and moves to its end.</summary>
    /// <param name="count">Most lines wanted.</param>
    public IReadOnlyList<LogLine> Tail(int count)
    {
        var last = new Queue<LogLine>();
        foreach (var line in Rotated().Concat(ReadNew()))
        {
            last.Enqueue(line);
            if (last.Count > count) last.Dequeue();
        }
        return [.. last];
    }

    /// <summary>The whole lines that were added since the last call.</summary>
    public IEnumerable<LogLine> ReadNew()
    {
        _file ??= Open();
        if (_file is null) yield break;
        foreach (var line in ReadToEnd(_file)) yield return line;
        if (!WasReplaced()) yield break;
        // What was written after it was read and before it was rotated.
        foreach (var line in ReadToEnd(_file)) yield return line;
        _file.Dispose();
        _file = Open();
        if (_file is null) yield break;
        foreach (var line in ReadToEnd(_file)) yield return line;
    }

    public void Dispose() => _file?.Dispose();

    IEnumerable<LogLine> Rotated() =>
        File.Exists(ServiceLog.RotatedPath(path)) ? File.ReadLines(ServiceLog.RotatedPath(path)).Select(Parse) : [];

    FileStream? Open()
    {
        if (!File.Exists(path)) return null;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _signature = Signature(file);
        return file;
    }

    IEnumerable<LogLine> ReadToEnd(FileStream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        var lines = (_rest + reader.ReadToEnd()).Split('\n');
        _rest = lines[^1];
        return [.. lines[..^1].Select(Parse)];
    }

    bool WasReplaced()
    {
        if (!File.Exists(path)) return false;
        using var now = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var signature = Signature(now);
        if (signature.AsSpan().StartsWith(_signature)) _signature = signature;
        return _signature != signature;
    }

    static byte[] Signature(FileStream file)
    {
        var bytes = new byte[SignatureBytes];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return bytes[..read];
    }

    LogLine Parse(string text)
    {
        var line = LogLine.Parse(service, text, _lastTime);
        _lastTime = line.Time;
        return line;
    }
}
