using System.Text;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Tests.Sql;

public sealed class StatementTextTests
{
    const string Outfile = "\n/*host:*/INTO OUTFILE 'p' TRUNCATE/*host*/\n";

    [Theory]
    [InlineData("SELECT 1", "SELECT 1" + Outfile, null)]
    [InlineData("SELECT 1;", "SELECT 1" + Outfile, null)]
    [InlineData("SELECT 1 -- done", "SELECT 1 -- done" + Outfile, null)]
    [InlineData("SELECT 1 FORMAT JSON", "SELECT 1 " + Outfile + "FORMAT JSON", "JSON")]
    [InlineData("SELECT a FROM t format CSV SETTINGS x = 1", "SELECT a FROM t " + Outfile + "format CSV SETTINGS x = 1", "CSV")]
    [InlineData("SELECT '; FORMAT JSON', \"FORMAT a\" FROM t", "SELECT '; FORMAT JSON', \"FORMAT a\" FROM t" + Outfile, null)]
    [InlineData("SELECT * FROM (SELECT 1) FORMAT TSV", "SELECT * FROM (SELECT 1) " + Outfile + "FORMAT TSV", "TSV")]
    [InlineData("SELECT * FROM format WHERE 1", "SELECT * FROM format WHERE 1" + Outfile, null)]
    [InlineData("SELECT format FROM t", "SELECT format FROM t" + Outfile, null)]
    [InlineData(
        "SELECT a FROM t ORDER BY format LIMIT 1 FORMAT CSV",
        "SELECT a FROM t ORDER BY format LIMIT 1 " + Outfile + "FORMAT CSV",
        "CSV")]
    [InlineData("SELECT 'it''s \\' ;' FORMAT CSV", "SELECT 'it''s \\' ;' " + Outfile + "FORMAT CSV", "CSV")]
    public void The_file_goes_before_the_format(string text, string expected, string? format)
    {
        var statement = Parse(text);

        Assert.True(statement.IsSelect);
        Assert.Equal(format, statement.Format);
        Assert.Equal(expected, Encoding.UTF8.GetString(statement.IntoFile("p")));
    }

    [Theory]
    [InlineData("SELECT * FROM t ORDER BY format DESC")]
    [InlineData("SELECT * FROM t ORDER BY -format asc SETTINGS x = 1")]
    [InlineData("FROM t SELECT format a")]
    public void Where_the_word_format_is_a_name_the_file_goes_to_the_end(string text)
    {
        var statement = Parse(text).WithFormatAsAName();

        Assert.True(statement.IsSelect);
        Assert.Null(statement.Format);
        Assert.Equal(text + Outfile, Encoding.UTF8.GetString(statement.IntoFile("p")));
    }

    [Theory]
    [InlineData("SELECT 1; SELECT 2", 10)]
    [InlineData("SELECT ';'; -- a\n;DROP TABLE t", 18)]
    [InlineData("SELECT 1;;", -1)]
    [InlineData("SELECT $a$;x$a$", -1)]
    [InlineData("SELECT 1 /* ; */", -1)]
    public void A_second_statement_is_noticed(string text, int offset) => Assert.Equal(offset, Parse(text).SecondStatementOffset);

    [Theory]
    [InlineData("SELECT 1", true)]
    [InlineData("  ((SELECT 1))", true)]
    [InlineData("from t select *", true)]
    [InlineData("SELECT insert FROM t", true)]
    [InlineData("SELECT 1 insert", true)]
    [InlineData("WITH insert AS (SELECT 1 AS a), 2 AS insert SELECT insert FROM t", true)]
    [InlineData("WITH 1 AS a FROM t SELECT insert", true)]
    [InlineData("WITH 1 AS a INSERT INTO t SELECT a", false)]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", false)]
    [InlineData("INSERT INTO t SELECT 1", false)]
    [InlineData("EXPLAIN SELECT 1", false)]
    [InlineData("SHOW TABLES", false)]
    public void Only_a_select_is_a_select(string text, bool expected) => Assert.Equal(expected, Parse(text).IsSelect);

    [Theory]
    [InlineData("SELECT 1 INTO OUTFILE 'f'", true)]
    [InlineData("SHOW TABLES into outfile 'f' FORMAT CSV", true)]
    [InlineData("SELECT 1 AS outfile", false)]
    [InlineData("SELECT outfile FROM t ORDER BY outfile", false)]
    [InlineData("SELECT 'INTO OUTFILE'", false)]
    public void A_result_goes_into_a_file_only_by_both_words(string text, bool expected) =>
        Assert.Equal(expected, Parse(text).WritesIntoFile);

    /// <remarks>
    /// Lexer.cpp: without a second one a <c>$tag$</c> is a word, and any characters may stand between the dollars of a tag that has one.
    /// </remarks>
    [Theory]
    [InlineData("SELECT {$x$:Int32} AS v FORMAT Native", "Native")]
    [InlineData("SELECT {$x$:Int32} + {$y$:Int32} FORMAT Native", "Native")]
    [InlineData("SELECT $1 FORMAT Native", "Native")]
    [InlineData("SELECT $$ FORMAT Native $$", null)]
    [InlineData("SELECT $it's$ FORMAT CSV $it's$ FORMAT Native", "Native")]
    public void A_dollar_begins_a_string_only_where_its_tag_comes_again(string text, string? format) =>
        Assert.Equal(format, Parse(text).Format);

    [Fact]
    public void A_kill_by_id_becomes_a_kill_by_tag() => Assert.Equal(
        "KILL QUERY WHERE Settings['tag'] = 'query_id' OR Settings['tag'] IN ('a') ASYNC",
        Encoding.UTF8.GetString(Parse("KILL QUERY WHERE query_id = 'query_id' OR Query_Id IN ('a') ASYNC").ByTag("tag")));

    [Fact]
    public void Text_cut_anywhere_is_scanned_to_its_end()
    {
        const string Text = "SELECT 'a\\'b' AS `c`, \"d\" /* e */ -- f\nFROM $g$h$g$ # i\nWHERE (1) FORMAT JSON;";
        for (var length = 0; length <= Text.Length; length++) Assert.False(Parse(Text[..length]).WritesIntoFile);
    }

    static StatementText Parse(string text) => StatementText.Parse(Encoding.UTF8.GetBytes(text));
}
