using Millrace.Streams.Definition;
using Millrace.Streams.Profiles;
using Millrace.Testing;

namespace Millrace.Streams.Tests.Profiles;

public class ProfileFileTests
{
    [Fact]
    public void A_profile_names_both_servers_with_all_that_they_ask_for()
    {
        var profile = Read("""
            kafka:
              bootstrap: a:9093,b:9093
              properties:
                security.protocol: sasl_ssl
                sasl.password: ${KAFKA_PASSWORD}
                ssl.ca.location: ca.pem
              for_clickhouse:
                bootstrap: inner:9092
            clickhouse:
              url: https://${HOST:-shop.example.com}:8443/
              user: me
              password: x${KAFKA_PASSWORD}y
              database: shop
            """);
        Assert.Equal("a:9093,b:9093", profile.Kafka!.Bootstrap);
        Assert.Equal(
            [("security.protocol", "sasl_ssl"), ("sasl.password", "secret"), ("ssl.ca.location", "/etc/millrace/ca.pem")],
            profile.Kafka.Properties.Select(property => (property.Key, property.Value)));
        Assert.Equal("inner:9092", profile.Kafka.ForClickHouse!.Bootstrap);
        Assert.Equal(new ClickHouseProfile(new Uri("https://shop.example.com:8443/"), "me", "xsecrety", "shop", null), profile.ClickHouse);
    }

    [Fact]
    public void A_half_that_is_not_named_is_left_to_the_stand()
    {
        Assert.Null(Read("kafka: {bootstrap: a:1}").ClickHouse);
        Assert.Null(Read("clickhouse: {url: http://h:1/}").Kafka);
    }

    [Fact]
    public void A_profile_may_say_who_the_stand_is()
    {
        var profile = Read("stand: ${NOWHERE:-shop}\ngroup: shop.router");
        Assert.Equal(("shop", "shop.router"), (profile.Stand, profile.Group));
        Assert.Null(Read("kafka: {bootstrap: a:1}").Stand);
    }

    [Fact]
    public void A_password_in_the_URL_is_taken_out_of_it()
    {
        var profile = Read("clickhouse: {url: 'http://me:s%20p@h:1/'}").ClickHouse!;
        Assert.Equal(("http://me@h:1/", "s p"), ($"{profile.Url}", profile.Password.Reveal()));
    }

    [Theory]
    [InlineData("kafka: {}", "line 1, column 8: bootstrap: is missing")]
    [InlineData("kafka: {bootstrap: a:1, user: me}", "line 1, column 25: user: is not a field of kafka; the fields are bootstrap, properties, for_clickhouse")]
    [InlineData("clickhouse:\n  url: h:8123", "line 2, column 8: url: is not the URL of ClickHouse's HTTP interface")]
    [InlineData("clickhouse:\n  url: http://h/\n  password: ${NOWHERE}", "line 3, column 13: password: the environment variable NOWHERE is not set")]
    [InlineData("clickhouse:\n  url: http://h/\n  ca: nowhere.pem", "line 3, column 7: ca: there is no file /etc/millrace/nowhere.pem")]
    [InlineData("stand: shop's", "line 1, column 8: stand: 'shop's' is not a name; write up to 32 letters, digits")]
    [InlineData("stand: shop\ngroup: a b", "line 2, column 8: group: 'a b' is not a name; write up to 249 letters, digits")]
    [InlineData("", "the file is empty")]
    [InlineData("kafka: [\nclickhouse: {}", "line 1, column 1: YAML: a bracket that is opened is never closed")]
    public void What_is_wrong_is_said_with_its_line(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<StreamDefinitionException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("deploy/compose.profile.yaml")]
    [InlineData("deploy/profile.example.yaml")]
    public void The_shipped_profiles_are_right(string file)
    {
        // The example names a certificate that nobody has.
        var text = File.ReadAllText(Path.Combine(Repository.Root, file)).Replace("  ca: clickhouse-ca.pem", "", StringComparison.Ordinal);
        var profile = ProfileFile.Read(
            "/etc/millrace/profile.yaml",
            new StringReader(text),
            name => name.EndsWith("PASSWORD", StringComparison.Ordinal) ? "secret" : null);
        Assert.Equal("secret", profile.ClickHouse!.Password.Reveal());
        Assert.NotNull(profile.Kafka!.ForClickHouse);
    }

    static Profile Read(string text) =>
        ProfileFile.Read("/etc/millrace/profile.yaml", new StringReader(text), name => name == "KAFKA_PASSWORD" ? "secret" : null);
}
