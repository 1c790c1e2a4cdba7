using System.Text.Json;
using Millrace.Secrets;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Tests.Ddl;

public class QueueTableSecurityTests
{
    static readonly Dictionary<string, Secret> Security = new()
    {
        ["security.protocol"] = "sasl_ssl",
        ["sasl.mechanism"] = "SCRAM-SHA-512",
        ["sasl.username"] = "me",
        ["sasl.password"] = @"it's \ secret",
        ["ssl.ca.location"] = "/ca.pem",
    };

    static readonly StandEndpoints Secured = new()
    {
        Kafka = "kafka:9092",
        KafkaProperties = Security,
        ClickHouse = new Uri("http://clickhouse:8123/"),
    };

    static readonly StreamCatalog Catalog = TestStream.Catalog(TestStream.Small("topic"));

    [Fact]
    public void A_queue_table_carries_what_its_consumer_needs_to_get_in()
    {
        var queue = Plan().Statements.Single(statement => statement.Sql.Contains("ENGINE = Kafka", StringComparison.Ordinal)).Runs.Reveal();
        Assert.Contains("""
                kafka_security_protocol = 'sasl_ssl',
                kafka_sasl_mechanism = 'SCRAM-SHA-512',
                kafka_sasl_username = 'me',
                kafka_sasl_password = 'it\'s \\ secret'
            """, queue, StringComparison.Ordinal);
        Assert.DoesNotContain("ca.pem", queue, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_shown_hides_the_password()
    {
        Assert.DoesNotContain("secret", Plan().ToString(), StringComparison.Ordinal);
        Assert.Contains("kafka_sasl_password = '[HIDDEN]'\n", Plan().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_plan_prints_the_password()
    {
        var chain = new StreamChain(Catalog.Streams[0], Secured);

        Assert.DoesNotContain(
            "secret", string.Join('\n', Plan().Statements.Cast<object>().Concat(chain.InOrder)), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(Plan().Statements), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        @"Syntax error near kafka_sasl_password = 'it\'s \\ secret', kafka_x = 1",
        "Syntax error near kafka_sasl_password = '[HIDDEN]', kafka_x = 1")]
    [InlineData(@"Syntax error near kafka_sasl_password='it\'s \\ sec", "Syntax error near kafka_sasl_password = '[HIDDEN]'")]
    public void An_error_that_quotes_the_statement_hides_the_password(string text, string shown) =>
        Assert.Equal(shown, new ClickHouseException(62, text).Message);

    static DdlPlan Plan() => DdlPlan.Compute(new DatabaseState([], [], []), Catalog, Secured);
}
