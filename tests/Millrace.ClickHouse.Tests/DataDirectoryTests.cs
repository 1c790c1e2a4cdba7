using Millrace.ClickHouse.Embedding;
using Millrace.ClickHouse.Errors;
using Millrace.ClickHouse.Options;
using Millrace.Testing;

namespace Millrace.ClickHouse.Tests;

/// <summary>Links that somebody laid into the directory.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public DataDirectoryTests() => File.WriteAllText(_directory.Sub("target"), "precious");

    public void Dispose()
    {
        Assert.Equal("precious", File.ReadAllText(_directory.Sub("target")));
        _directory.Dispose();
    }

    [Fact]
    public void The_config_file_replaces_a_link_and_is_not_written_through_it()
    {
        foreach (var name in (string[])["config.xml", "config.xml.incoming"])
            File.CreateSymbolicLink(_directory.Sub(name), _directory.Sub("target"));
        using var config = ClickHouseConfigFile.Write(new ClickHouseOptions { DataDirectory = _directory.Path, LibraryPath = "/nowhere" });
        var path = _directory.Sub("config.xml");
        Assert.Null(new FileInfo(path).LinkTarget);
        Assert.Contains("<clickhouse>", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_that_is_a_link_is_refused()
    {
        File.CreateSymbolicLink(_directory.Sub("millrace.lock"), _directory.Sub("target"));
        var refusal = Assert.Throws<ClickHouseStartException>(() => DataDirectoryHold.Take(_directory.Path));

        Assert.Contains("millrace.lock is a symbolic link", refusal.Message, StringComparison.Ordinal);
    }
}
