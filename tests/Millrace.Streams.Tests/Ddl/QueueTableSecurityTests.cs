using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;

namespace Millrace.Streams.Tests.Ddl;

public class QueueTableSecurityTests
{
    static readonly Dictionary<string, string> Security = new()
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
        var queue = Plan().Statements.Single(statement => statement.Sql.Contains("ENGINE = Kafka", StringComparison.Ordinal)).Sql;
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

    static DdlPlan Plan() => DdlPlan.Compute(new DatabaseState([], []), Catalog, Secured);
}
