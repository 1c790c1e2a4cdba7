using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Definition;
using Millrace.Streams.Infer;
using Millrace.Streams.Setup;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Infer;

[Collection(ServersCollection.Name)]
public class ProposalTests(ServersFixture servers) : ServersTest(servers)
{
    /// <summary>What is proposed takes the records that it was proposed from.</summary>
    [Fact]
    public async Task Every_record_of_the_sample_becomes_a_row()
    {
        const string Id = "550e8400-e29b-41d4-a716-44665544000";
        string[] records =
        [
            $$"""{"_id":"{{Id}}0","@timestamp":"2026-01-02T03:04:05.123Z","n":1,"price":1.50,"mixed":1,"meta":{"ip":"10.0.0.1"} }""",
            $$"""{"_id":"{{Id}}1","@timestamp":"2026-01-02 03:04","n":-2,"price":20,"mixed":"a","meta":{"ip":"::1"},"kafka_offset":7}""",
            $$"""{"_id":"{{Id}}2","@timestamp":"2026-01-02T03:04:05+02:00","n":null,"price":3.1,"mixed":{"a":1},"meta":{},"a b":[1,2]}""",
            $$"""{"_id":"{{Id}}3","@timestamp":"2026-01-02","n":9007199254740993,"price":3.1234,"mixed":[],"e":1e-7,"day":"2026-02-28"}""",
            $$"""{"_id":"{{Id}}4","@timestamp":"2026-01-02","price":0,"mixed":true,"a.b":true,"true":1,"it's \"so\"":2,"null":3}""",
        ];
        var proposed = Propose("inferred", records);
        var endpoints = await Servers.NewDatabaseAsync();
        await StandSetup.RunAsync(endpoints, TestStream.Catalog(proposed), NullLogger.Instance, CancellationToken.None);
        TestTopic.Produce(endpoints, "inferred", 0, records);
        using var client = new ClickHouseClient(endpoints);
        const string Sql = "SELECT (SELECT count() FROM inferred_table) AS rows, (SELECT count() FROM dead_letters) AS letters";
        var counts = await Eventually.Gives(
            () => client.QueryAsync<Counts>(Sql), counts => counts[0].Rows + counts[0].Letters == 5, "five records");
        Assert.Equal([new Counts(5, 0)], counts);
    }

    [Theory]
    [InlineData("Int64", "1", "-5", "12.0")]
    [InlineData("UInt64", "1", "18446744073709551615")]
    [InlineData("Int128", "-1", "18446744073709551615")]
    [InlineData("Decimal(18, 2)", "1", "2.25")]
    [InlineData("Float64", "1", "2.123456")]
    [InlineData("Float64", "1", "1e-3")]
    [InlineData("Bool", "true", "false")]
    [InlineData("UUID", "'550e8400-e29b-41d4-a716-446655440000'")]
    [InlineData("IPv4", "'10.0.0.1'")]
    [InlineData("IPv6", "'10.0.0.1'", "'::1'")]
    [InlineData("Date", "'2026-01-02'")]
    [InlineData("Date32", "'2026-01-02'", "'1950-01-02'")]
    [InlineData("DateTime64(3)", "'2026-01-02T03:04:05Z'")]
    [InlineData("DateTime64(6)", "'2026-01-02T03:04:05.123456Z'", "'2026-01-02'")]
    [InlineData("String", "'a'", "'2026-01-02'")]
    [InlineData("String", "1", "'1'")]
    [InlineData("String", "[1]")]
    [InlineData("String", "{}")]
    [InlineData("String", "1", "{'a':1}")]
    [InlineData("Nullable(Int64)", "1", "null")]
    [InlineData("Nullable(String)", "null")]
    public void The_narrowest_type_that_holds_all_values_is_proposed(string type, params string[] values)
    {
        var records = values.Select(value => $"{{\"x\":{value.Replace('\'', '"')}}}").ToArray();
        Assert.Equal(type, Assert.Single(TestStream.Read(Propose("types", records)).Columns, column => column.Name == "x").Type.Sql);
    }

    [Fact]
    public void Few_texts_that_come_back_are_kept_in_a_dictionary()
    {
        string[] records =
        [
            .. Enumerable.Range(0, 100).Select(i => $$"""{"device":"{{(i % 2 == 0 ? "phone" : "desk")}}","name":"n{{i}}"}"""),
        ];
        var columns = TestStream.Read(Propose("few", records)).Columns;
        Assert.Equal(["LowCardinality(String)", "String"], columns.Select(column => column.Type.Sql));
        records[7] = """{"name":"x"}""";
        var proposed = Propose("few", records);
        Assert.Contains(
            "# in 99 of 100 records; 2 different texts\n  - { name: device, type: LowCardinality(Nullable(String)) }",
            proposed, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_fields_have_names_of_their_own_and_the_table_is_sorted_by_time_and_id()
    {
        var stream = TestStream.Read(Propose(
            "nested", """{"a":{"b":1,"c":{"d e":2}},"a_b":3,"message":"m","7":4,"user":{"id":5},"made_at":1767322245123}"""));
        Assert.Equal(
            [
                "a_b $.a.b", "a_c_d_e $.a.c['d e']", "a_b_2 $.a_b", "message $.message", "field_7 $.7", "user_id $.user.id",
                "made_at $.made_at",
            ],
            stream.Columns.Select(column => $"{column.Name} {column.Source}"));
        Assert.Equal(["made_at", "user_id"], stream.OrderKey);
        Assert.Equal("DateTime64(3)", stream.Columns[^1].Type.Sql);
    }

    [Fact]
    public void Where_every_field_may_be_missing_the_table_is_sorted_by_the_offset() =>
        Assert.Equal(["record_offset"], TestStream.Read(Propose("sparse", """{"a":1}""", """{"b":1}""")).OrderKey);

    [Fact]
    public void Lines_that_are_no_record_are_counted_and_a_sample_without_records_is_refused()
    {
        Proposal.From("some", "some", SampleSource.OfLines(new StringReader("{\"a\":1}\n\n[1]\nnot json\n")), out var note);
        Assert.Equal("2 lines are no JSON object and were left out, the first is line 3.", note);
        var refused = Assert.Throws<StreamDefinitionException>(() => Proposal.From("some", "some", SampleSource.OfLines(new StringReader("x")), out _));
        Assert.StartsWith("none of the lines is a JSON object", refused.Message, StringComparison.Ordinal);
    }

    static string Propose(string name, params string[] records) =>
        Proposal.From(name, name, SampleSource.OfLines(new StringReader(string.Join('\n', records))), out _);

    sealed record Counts(int Rows, int Letters);
}
