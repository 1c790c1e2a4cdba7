using System.Text;
using Millrace.ClickHouse.Sql;

namespace Millrace.ClickHouse.Tests.Sql;

public sealed class InsertHeadTests
{
    [Theory]
    [InlineData("INSERT INTO t FORMAT CSV\n1,2", "INSERT INTO t ", "CSV", "1,2")]
    [InlineData("INSERT INTO t FORMAT CSV \r\n1,2", "INSERT INTO t ", "CSV", "1,2")]
    [InlineData("INSERT INTO t FORMAT RowBinary\n\n\0", "INSERT INTO t ", "RowBinary", "\n\0")]
    [InlineData("insert into t values (1)", "insert into t ", "Values", " (1)")]
    [InlineData("INSERT INTO values VALUES (1)", "INSERT INTO values ", "Values", " (1)")]
    [InlineData("INSERT INTO db.format FORMAT TSV\n1", "INSERT INTO db.format ", "TSV", "1")]
    [InlineData("INSERT INTO t (a, `values`) VALUES (1)", "INSERT INTO t (a, `values`) ", "Values", " (1)")]
    [InlineData("INSERT INTO FUNCTION null('format CSV') FORMAT TSV\n1", "INSERT INTO FUNCTION null('format CSV') ", "TSV", "1")]
    [InlineData(
        "INSERT INTO t /* VALUES */ -- FORMAT x\nFORMAT JSONEachRow {}",
        "INSERT INTO t /* VALUES */ -- FORMAT x\n", "JSONEachRow", "{}")]
    [InlineData("INSERT INTO t SETTINGS async_insert = 1 FORMAT Native\nx", "INSERT INTO t SETTINGS async_insert = 1 ", "Native", "x")]
    [InlineData("WITH 1 AS y INSERT INTO t (s) FORMAT TSV\nx;\n", "WITH 1 AS y INSERT INTO t (s) ", "TSV", "x;\n")]
    [InlineData(
        "WITH insert AS (SELECT 1), 2 AS insert INSERT INTO t VALUES (1)",
        "WITH insert AS (SELECT 1), 2 AS insert INSERT INTO t ", "Values", " (1)")]
    public void Rows_begin_after_the_format(string text, string statement, string format, string data)
    {
        var head = InsertHead.Find(Encoding.UTF8.GetBytes(text))!.Value;

        Assert.Equal((statement, format, data), (text[..head.StatementLength], head.Format, text[head.DataOffset..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SELECT 1 FORMAT CSV")]
    [InlineData("INSERT INTO t")]
    [InlineData("INSERT INTO t SELECT 1 FORMAT CSV")]
    [InlineData("INSERT INTO t (a) WITH x AS (SELECT 1) SELECT * FROM x")]
    [InlineData("INSERT INTO t FROM INFILE 'x' FORMAT CSV")]
    [InlineData("INSERT INTO t (SELECT 1)")]
    [InlineData("WITH 1 AS insert SELECT insert FORMAT CSV")]
    [InlineData("WITH 1 AS y INSERT INTO t SELECT y")]
    public void A_statement_without_rows_of_its_own_has_none(string text) => Assert.Null(InsertHead.Find(Encoding.UTF8.GetBytes(text)));
}
