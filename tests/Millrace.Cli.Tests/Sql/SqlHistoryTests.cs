using Millrace.Cli.Sql;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Sql;

public sealed class SqlHistoryTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Older_and_newer_walk_through_what_was_typed()
    {
        var history = new SqlHistory(_directory.Sub("history"));
        history.Add("a;");
        history.Add("b;");
        Assert.Equal(("b;", "a;", null), (history.Older(), history.Older(), history.Older()));
        Assert.Equal(["b;", ""], [history.Newer(), history.Newer()]);
    }

    [Fact]
    public void The_next_shell_knows_it_with_each_statement_in_one_line()
    {
        new SqlHistory(_directory.Sub("history")).Add("SELECT\n1;");
        Assert.Equal("SELECT 1;", new SqlHistory(_directory.Sub("history")).Older());
    }

    [Fact]
    public void A_comment_does_not_swallow_the_lines_after_it()
    {
        var history = new SqlHistory(_directory.Sub("history"));
        history.Add("SELECT -- one\n'-- 1' /* two */;");
        Assert.Equal("SELECT '-- 1' ;", history.Older());
    }

    [Fact]
    public void A_statement_typed_twice_in_a_row_is_remembered_once()
    {
        var history = new SqlHistory(_directory.Sub("history"));
        history.Add("a;");
        history.Add("a;");
        Assert.Equal(("a;", null), (history.Older(), history.Older()));
    }
}
