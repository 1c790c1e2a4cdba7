namespace Millrace.ClickHouse.Tests.Http;

/// <summary>Bodies of multipart/form-data, as curl -F and clickhouse-connect send them.</summary>
[Collection(EngineCollection.Name)]
public sealed class MultipartTests(EngineFixture engine)
{
    [Theory]
    [InlineData("structure", "ids_structure", "id UInt32, name String", "SELECT name FROM ids ORDER BY id", "one\ntwo")]
    [InlineData("types", "ids_types", "UInt32,String", "SELECT _2 FROM ids ORDER BY _1", "one\ntwo")]
    [InlineData("brackets", "ids_types", "Decimal(9, 2), String", "SELECT sum(_1) FROM ids", "3")]
    [InlineData(
        "in", "ids_structure", "id UInt32, name String", "SELECT number FROM numbers(9) WHERE number IN (SELECT id FROM ids)",
        "1\n2")]
    public async Task A_file_is_a_table_for_this_query(string how, string field, string columns, string query, string expected)
    {
        var parameters = $"query={Uri.EscapeDataString(query)}&{field}={Uri.EscapeDataString(columns)}";
        var inUrl = await Send(parameters, Form(("ids", "1\tone\n2\ttwo\n", true)));
        Assert.True(inUrl.Status == 200, $"{how}: {inUrl.Text}");
        Assert.Equal(expected, inUrl.Text.Trim());

        var form = Form((field, columns, false), ("ids_format", "CSV", false), ("ids", "1,one\n2,two\n", true), ("query", query, false));
        var asFields = await Send("max_threads=1", form);
        Assert.Equal(expected, asFields.Text.Trim());
        Assert.Equal("0", await engine.Ask("EXISTS TEMPORARY TABLE ids"));
    }

    [Fact]
    public async Task Query_and_parameters_may_be_fields()
    {
        var form = Form(("query", " {a:UInt8} + {b:UInt8}, {s:String}", false), ("param_a", "40", false), ("param_s", "it's", false));
        var answer = await Send("param_b=2&query=SELECT", form);
        Assert.Equal("42\tit\\'s\n", answer.Text);
    }

    [Fact]
    public async Task Nothing_of_a_form_is_stored_as_rows()
    {
        await engine.Ask("CREATE TABLE formed (s String) ENGINE = MergeTree ORDER BY s");
        var answer = await Send("query=INSERT+INTO+formed+FORMAT+LineAsString", Form(("f", "row\n", true)));
        Assert.Equal("36", answer.ErrorCode);
        Assert.Contains("Use fields f_structure or f_types", answer.Text, StringComparison.Ordinal);
        await Send("query=INSERT+INTO+formed+SELECT+s+FROM+f&f_structure=s+String", Form(("f", "row\n", true)));
        Assert.Equal("row", await engine.Ask("SELECT * FROM formed"));
    }

    [Fact]
    public async Task External_tables_join_those_of_a_session_and_go_again()
    {
        const string Session = "session_id=formed";
        await engine.Ask("CREATE TEMPORARY TABLE mine (id UInt32) AS SELECT 1", Session);
        const string Query = $"{Session}&ids_types=UInt32&query=SELECT+count()+FROM+mine+JOIN+ids+ON+id=_1";
        for (var i = 0; i < 2; i++) Assert.Equal("1\n", (await Send(Query, Form(("ids", "1\n", true)))).Text);
        const string Left = "SELECT countIf(name = 'ids'), countIf(name = 'mine') FROM system.tables WHERE is_temporary";
        Assert.Equal("0\t1", await engine.Ask(Left, Session));
    }

    [Theory]
    [InlineData("ids_structure=id+UInt8", "x\n", "27")]
    [InlineData("ids_structure=id+Nosuch", "1\n", "50")]
    [InlineData("ids_structure=s+String)+ENGINE=File('CSV','/tmp/millrace-form'", "1\n", "62")]
    [InlineData("ids_types=UInt8&ids_format=Nosuch", "1\n", "73")]
    public async Task A_table_that_can_not_be_made_is_named_by_its_error(string parameters, string rows, string code) =>
        Assert.Equal(code, (await Send($"query=SELECT+1&{parameters}", Form(("ids", rows, true)))).ErrorCode);

    Task<Answer> Send(string parameters, HttpContent form) => engine.Send(HttpMethod.Post, parameters, form);

    static MultipartFormDataContent Form(params (string Name, string Text, bool IsFile)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, text, isFile) in parts)
            if (isFile) form.Add(new StringContent(text), name, "file.txt");
            else form.Add(new StringContent(text), name);
        return form;
    }
}
