using Millrace.Cli.Sql;

namespace Millrace.Cli.Tests.Sql;

public sealed class SqlSplitterTests
{
    [Theory]
    [InlineData("SELECT 1", "SELECT 1")]
    [InlineData("SELECT 1;", "SELECT 1")]
    [InlineData("SELECT 1; SELECT 2;\n", "SELECT 1|SELECT 2")]
    [InlineData("SELECT ';' ; SELECT 2", "SELECT ';'|SELECT 2")]
    [InlineData(@"SELECT '\';' ; SELECT 2", @"SELECT '\';'|SELECT 2")]
    [InlineData("SELECT 'it''s;' ; SELECT 2", "SELECT 'it''s;'|SELECT 2")]
    [InlineData("SELECT `a;b`, \"c;d\"; SELECT 2", "SELECT `a;b`, \"c;d\"|SELECT 2")]
    [InlineData("SELECT 1 -- one; two\n; SELECT 2", "SELECT 1 -- one; two|SELECT 2")]
    [InlineData("SELECT /* a;b */ 1; SELECT 2", "SELECT /* a;b */ 1|SELECT 2")]
    [InlineData("; ;", "")]
    [InlineData("SELECT 'open;", "SELECT 'open;")]
    [InlineData("SELECT 1 /* open;", "SELECT 1 /* open;")]
    [InlineData("SELECT 1; -- done", "SELECT 1")]
    [InlineData("-- first\nSELECT 1;\n/* and; */ SELECT 2; /* done */", "-- first\nSELECT 1|/* and; */ SELECT 2")]
    [InlineData("#!/usr/bin/env clickhouse\nSELECT 1 # one; two\n; # done", "#!/usr/bin/env clickhouse\nSELECT 1 # one; two")]
    [InlineData("SELECT '-- no' AS a; SELECT '# no' AS b", "SELECT '-- no' AS a|SELECT '# no' AS b")]
    [InlineData("SELECT 4 - -1; SELECT 4 / 2; SELECT 1 /**/; SELECT 3", "SELECT 4 - -1|SELECT 4 / 2|SELECT 1 /**/|SELECT 3")]
    [InlineData("-", "-")]
    [InlineData("SELECT $$a;b$$; SELECT 2", "SELECT $$a;b$$|SELECT 2")]
    [InlineData("SELECT $t$a;$$;b$t$; SELECT 2", "SELECT $t$a;$$;b$t$|SELECT 2")]
    [InlineData("SELECT 1 // one; two\n; SELECT 2", "SELECT 1 // one; two|SELECT 2")]
    [InlineData("SELECT 1 AS a$b$c; SELECT 2 AS a$b$c", "SELECT 1 AS a$b$c|SELECT 2 AS a$b$c")]
    [InlineData("SELECT 'Привет;'; SELECT 'мир'", "SELECT 'Привет;'|SELECT 'мир'")]
    public void Semicolons_that_count_part_the_statements(string text, string statements) =>
        Assert.Equal(statements, string.Join('|', SqlSplitter.Split(text)));

    [Theory]
    [InlineData("SELECT 1;", true)]
    [InlineData("SELECT 1; \n", true)]
    [InlineData("SELECT 1", false)]
    [InlineData("SELECT ';", false)]
    [InlineData("SELECT 1; SELECT 2", false)]
    [InlineData("SELECT 1; -- done", true)]
    [InlineData("SELECT 1; # done\n", true)]
    [InlineData("SELECT 1; /* done */", true)]
    [InlineData("SELECT 1; /* open", false)]
    [InlineData("-- SELECT 1;", false)]
    [InlineData("", false)]
    [InlineData("SELECT $$a;", false)]
    [InlineData("SELECT $$a;$$;", true)]
    [InlineData("SELECT 1; // done;", true)]
    [InlineData("SELECT 1 AS a$b$c;", true)]
    public void A_text_is_complete_when_it_ends_with_a_semicolon_that_counts(string text, bool complete) =>
        Assert.Equal(complete, SqlSplitter.IsComplete(text));
}
