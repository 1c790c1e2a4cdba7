using System.Globalization;
using System.Text;
using Millrace.Cli.Basics;
using Millrace.Cli.Storage;

namespace Millrace.Cli.Logs;

/// <summary>
/// The log of one service: lines with the time in front, in a file that is renamed to <c>.1</c> once it is full. Any thread may write.
/// A disk that takes no more costs lines of the log, never the service.
/// </summary>
sealed class ServiceLog : IDisposable
{
    /// <summary>In bytes. Two files of it per service are days of an ordinary stand and no burden for a laptop.</summary>
    const long DefaultLimit = 8 * 1024 * 1024;

    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    readonly Lock _lock = new();
    readonly string _path;
    readonly TimeProvider _time;
    readonly long _limit;
    FileStream _file;

    public ServiceLog(string path, TimeProvider time, long limit = DefaultLimit)
    {
        (_path, _time, _limit) = (path, time, limit);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Open();
    }

    public static string RotatedPath(string path) => path + ".1";

    public void Write(string line)
    {
        var time = _time.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes($"{time} {line}\n");
        lock (_lock)
        {
            try
            {
                if (_file.Length + bytes.Length > _limit) Rotate();
                _file.Write(bytes);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The disk is full, or a killed service's last words came after the end of the stand.
            }
        }
    }

    public void Dispose()
    {
        lock (_lock) _file.Dispose();
    }

    /// <summary>Whatever fails, the log goes on in the file it has, beyond its limit, and tries again with the next line.</summary>
    void Rotate()
    {
        try
        {
            if (File.Exists(_path)) File.Move(_path, RotatedPath(_path), overwrite: true);
            var next = Open();
            _file.Dispose();
            _file = next;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CliException)
        {
            // The folder takes no new file: the disk is full, or somebody changed its rights.
        }
    }

    // No buffer: a line is in the file before the next one is read, so `logs -f` sees it at once.
    FileStream Open() => PrivateFile.Append(_path);
}
