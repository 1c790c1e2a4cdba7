using Millrace.Cli.Logs;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Logs;

public sealed class ServiceLogTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string LogPath => _directory.Sub("logs/broker.log");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Lines_carry_the_time_and_come_back_as_they_were()
    {
        using var log = new ServiceLog(LogPath, TimeProvider.System);
        log.Write("hello world");
        using var reader = new LogReader("broker", LogPath);
        var line = Assert.Single(reader.ReadNew());
        Assert.Equal(("broker", "hello world"), (line.Service, line.Line));
        Assert.InRange(line.Time, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public void The_log_never_takes_more_than_two_files_of_its_limit()
    {
        using var log = new ServiceLog(LogPath, TimeProvider.System, limit: 1000);
        for (var i = 0; i < 200; i++) log.Write($"line {i}");
        Assert.All(Directory.GetFiles(_directory.Sub("logs")), file => Assert.InRange(new FileInfo(file).Length, 1, 1000));
        Assert.Equal(2, Directory.GetFiles(_directory.Sub("logs")).Length);
    }

    [Fact]
    public void A_reader_that_follows_misses_no_line_when_the_log_is_rotated()
    {
        using var log = new ServiceLog(LogPath, TimeProvider.System, limit: 1000);
        using var reader = new LogReader("broker", LogPath);
        var seen = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            log.Write($"line {i}");
            seen.AddRange(reader.ReadNew().Select(line => line.Line));
        }
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"line {i}"), seen);
    }

    [Fact]
    public void A_reader_misses_no_line_that_came_between_its_reading_and_the_rotation()
    {
        using var log = new ServiceLog(LogPath, TimeProvider.System, limit: 1000);
        using var reader = new LogReader("broker", LogPath);
        log.Write("line 0");
        var seen = new List<string>();
        foreach (var line in reader.ReadNew())
        {
            seen.Add(line.Line);
            if (seen.Count == 1)
                for (var i = 1; i < 40; i++) log.Write($"line {i}");
        }
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"line {i}"), seen);
    }

    [Fact]
    public void A_log_that_can_not_be_rotated_goes_on_in_its_file()
    {
        using var log = new ServiceLog(LogPath, TimeProvider.System, limit: 1000);
        Directory.CreateDirectory(ServiceLog.RotatedPath(LogPath));
        for (var i = 0; i < 40; i++) log.Write($"line {i}");
        using var reader = new LogReader("broker", LogPath);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"line {i}"), reader.ReadNew().Select(line => line.Line));
    }

    [Fact]
    public void The_tail_reaches_into_the_rotated_file()
    {
        using var log = new ServiceLog(LogPath, TimeProvider.System, limit: 1000);
        for (var i = 0; i < 30; i++) log.Write($"line {i}");
        using var reader = new LogReader("broker", LogPath);
        Assert.Equal(Enumerable.Range(5, 25).Select(i => $"line {i}"), reader.Tail(25).Select(line => line.Line));
    }

    [Fact]
    public void A_log_that_is_not_there_yet_is_empty_and_found_later()
    {
        using var reader = new LogReader("broker", LogPath);
        Assert.Empty(reader.ReadNew());
        using var log = new ServiceLog(LogPath, TimeProvider.System);
        log.Write("first");
        Assert.Equal("first", Assert.Single(reader.ReadNew()).Line);
    }
}
