using Millrace.Cli.Documents;
using Millrace.Cli.Logs;
using Millrace.Cli.Sql;
using Millrace.Cli.Storage;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Storage;

/// <summary>Links that somebody laid under the names of a stand's files.</summary>
public sealed class PrivateFileTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public PrivateFileTests() => File.WriteAllText(Target, "precious");

    string Target => _directory.Sub("target");

    string Link => _directory.Sub("link");

    public void Dispose()
    {
        Assert.Equal("precious", File.ReadAllText(Target));
        _directory.Dispose();
    }

    [Fact]
    public void A_state_is_written_over_a_link_and_over_one_in_the_place_of_what_comes_in_and_never_into_its_target()
    {
        File.CreateSymbolicLink(Link, Target);
        File.CreateSymbolicLink(PrivateFile.IncomingOf(Link), Target);
        PrivateFile.Replace(Link, "state"u8);
        Assert.Equal("state", File.ReadAllText(Link));
        Assert.Null(new FileInfo(Link).LinkTarget);
    }

    [Fact]
    public void A_state_that_is_a_link_is_not_believed()
    {
        File.CreateSymbolicLink(Link, Target);
        Assert.Null(new StateFile(Link).Read());
    }

    [Fact]
    public void A_log_is_not_written_through_a_link()
    {
        File.CreateSymbolicLink(Link, Target);
        Assert.Equal($"{Link} is a symbolic link", Assert.Throws<IOException>(() => new ServiceLog(Link, TimeProvider.System)).Message);
    }

    [Fact]
    public void A_history_is_kept_beside_a_link_and_not_in_its_target()
    {
        new SqlHistory(Link).Add("SELECT 1;");
        Assert.Equal("SELECT 1;\n", File.ReadAllText(Link));
        File.Delete(Link);
        File.CreateSymbolicLink(PrivateFile.IncomingOf(Link), Target);
        new SqlHistory(Link).Add("SELECT 2;");
        Assert.Equal("SELECT 2;\n", File.ReadAllText(Link));
    }

    [Fact]
    public void A_log_that_somebody_empties_keeps_no_hole()
    {
        using var log = new ServiceLog(Link, TimeProvider.System);
        log.Write("a line");
        File.WriteAllText(Link, "");
        log.Write("another");
        Assert.EndsWith(" another", Assert.Single(File.ReadAllLines(Link)), StringComparison.Ordinal);
        Assert.DoesNotContain('\0', File.ReadAllText(Link));
    }
}
