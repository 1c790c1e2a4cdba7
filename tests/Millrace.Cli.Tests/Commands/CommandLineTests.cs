using Millrace.Cli.Basics;
using Millrace.Cli.Commands;
using Millrace.Cli.Endpoints;
using Millrace.Secrets;
using Millrace.Streams;
using Millrace.Streams.Definition;
using Millrace.Streams.Profiles;
using Millrace.Testing;

namespace Millrace.Cli.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    /// <summary>A password that one test takes from a URL must not be there for the next.</summary>
    public void Dispose() => Environment.SetEnvironmentVariable("MILLRACE_CLICKHOUSE_URL_PASSWORD", null);

    [Theory]
    [InlineData("up -d --any-port --rate 5 --acks all")]
    [InlineData("up --kafka a:1,b:2 --clickhouse http://u:p@h:8123/db")]
    [InlineData("down -v")]
    [InlineData("--data /x ps -o json")]
    [InlineData("logs broker -f -n 10")]
    [InlineData("logs")]
    [InlineData("restart")]
    [InlineData("run broker --kafka-port 0 --listen 0.0.0.0")]
    [InlineData("run broker --broker-config num.partitions=5")]
    [InlineData("up --broker-config auto.create.topics.enable=true --broker-config log.retention.ms=-1")]
    [InlineData("sql --format CSV")]
    [InlineData("up --stand shop --group shop_router")]
    [InlineData("ddl --stand shop")]
    [InlineData("plan -o sql")]
    [InlineData("check a.yaml b --sample c --sample - -o junit")]
    public void These_command_lines_are_right(string commandLine) => Assert.Empty(MillraceCommand.Create().Parse(commandLine.Split(' ')).Errors);

    [Theory]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense': see  millrace --help")]
    [InlineData("up --kafka nonsense", "--kafka takes HOST:PORT, several with commas between them, not 'nonsense': see  millrace up --help")]
    [InlineData("ps --data ", "--data takes a folder, not an empty word: see  millrace ps --help")]
    [InlineData("run broker --kafka-port -1", "--kafka-port takes a port from 0 to 65535: see  millrace run broker --help")]
    [InlineData("up --stand shop's",
        "--stand takes a stand's name (up to 32 letters, digits, '_' and '-', beginning with a letter or a digit), "
        + "not 'shop's': see  millrace up --help")]
    [InlineData("up --clickhouse htp://me:secret@h:1/",
        "--clickhouse takes the URL of ClickHouse's HTTP interface, such as http://127.0.0.1:8123/, not 'htp://me:***@h:1/': "
        + "see  millrace up --help")]
    [InlineData("up --clickhouse http://h:1/?user=me&password=secret",
        "--clickhouse takes no ?name=value: write http://user:password@host:8123/database: see  millrace up --help")]
    [InlineData("up http://me:sec/ret@h:1/", "Unrecognized command or argument 'http://me:***@h:1/': see  millrace up --help")]
    [InlineData("audit -o junit", "--output takes table or json, not 'junit': see  millrace audit --help")]
    [InlineData("check a -o sql", "--output takes table or json, not 'sql': see  millrace check --help")]
    [InlineData("check a --clickhouse http://h:1/", "check has no use for --clickhouse: see  millrace check --help")]
    [InlineData("ps --stand x", "ps has no use for --stand: see  millrace ps --help")]
    [InlineData("down --kafka a:1 --streams x", "down has no use for --kafka and --streams: see  millrace down --help")]
    [InlineData(
        "up --port 5", "up has no option --port (did you mean --any-port or --kafka-port or --clickhouse-port or --page-port?): see  millrace up --help")]
    [InlineData(
        "up --kakfa-port 5 -x", "up has no option --kakfa-port (did you mean --kafka-port?); up has no option -x: see  millrace up --help")]
    [InlineData(
        "audit --clickhous=http://me:secret@h:1/",
        "audit has no option --clickhous (did you mean --clickhouse?): see  millrace audit --help")]
    [InlineData("up --broker-config max.connections=none", "--broker-config: max.connections can't be 'none': see  millrace up --help")]
    [InlineData("logs nosuch", "Argument 'nosuch' not recognized. Must be one of: 'broker' 'clickhouse' 'setup' 'emitter' 'page': see  millrace logs --help")]
    public void These_are_wrong_and_one_sentence_says_how(string commandLine, string sentence) =>
        Assert.Equal(sentence, UsageError.Sentence(MillraceCommand.Create().Parse(commandLine.Split(' '))));

    [Theory]
    [InlineData("--kafka h:1 --kafka-port 5", "--kafka-port")]
    [InlineData("--clickhouse http://h:1/ --clickhouse-port 0 --insecure", "--clickhouse-port and --insecure")]
    [InlineData("--kafka h:1 --clickhouse http://h:1/ --no-page --any-port --listen 0.0.0.0", "--listen and --any-port")]
    public async Task An_option_for_a_server_of_our_own_is_refused_where_somebody_elses_is_named(string options, string named)
    {
        string[] commandLine = ["up", "--data", "/nowhere/millrace", .. options.Split(' ')];
        var parsed = MillraceCommand.Parse(commandLine);
        var refused = await Assert.ThrowsAsync<CliException>(() => parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false }));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.StartsWith($"up has no use for {named} where", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://h:1/", "http://h:1/", "default", "", "default")]
    [InlineData("http://me:s%20p@h:1/shop", "http://h:1/", "me", "s p", "shop")]
    [InlineData("https://h/", "https://h/", "default", "", "default")]
    public void A_clickhouse_url_carries_user_password_and_database(string url, string address, string user, string password, string database)
    {
        var endpoints = EndpointParser.Parse("k:1", new Uri(url));
        Assert.Equal((new Uri(address), user), (endpoints.ClickHouse, endpoints.ClickHouseUser));
        Assert.Equal((password, database), (endpoints.ClickHousePassword.Reveal(), endpoints.Database));
    }

    [Theory]
    [InlineData("http://me:s%20p@h:1/shop", "http://me@h:1/shop")]
    [InlineData("--clickhouse=http://me:s%20p@h:1/", "--clickhouse=http://me@h:1/")]
    [InlineData("--clickhouse:HTTP://me:s%20p@h:1/", "--clickhouse:http://me@h:1/")]
    [InlineData("--kafka", "--kafka")]
    [InlineData("10.0.0.1:9092", "10.0.0.1:9092")]
    public void No_process_is_given_a_password_on_its_command_line(string argument, string shown) => Assert.Equal(shown, ClickHousePassword.TakeFrom(argument));

    [Theory]
    [InlineData("http://h:1/", "me", "secret", "shop")]
    [InlineData("http://you:other@h:1/", "you", "other", "shop")]
    [InlineData("http://h:1/else", "me", "secret", "else")]
    public void What_a_url_leaves_out_comes_from_the_profile(string url, string user, string password, string database)
    {
        var kafka = new KafkaProfile("k:1", new Dictionary<string, Secret> { ["security.protocol"] = "ssl" }, new QueueKafka("inner:1"));
        var clickHouse = new ClickHouseProfile(new Uri("http://h:1/"), "me", "secret", "shop", null);
        var endpoints = EndpointParser.Parse("k:2", new Uri(url), new Profile(kafka, clickHouse));
        Assert.Equal(
            ("k:2", "ssl", "inner:1"),
            (endpoints.Kafka, endpoints.KafkaProperties["security.protocol"].Reveal(), endpoints.QueueKafka.Bootstrap));
        Assert.Equal((user, password, database), (endpoints.ClickHouseUser, endpoints.ClickHousePassword.Reveal(), endpoints.Database));
    }

    [Fact]
    public void ClickHouse_reaches_Kafka_the_way_we_do_unless_the_profile_says_otherwise()
    {
        var kafka = new KafkaProfile("k:1", new Dictionary<string, Secret> { ["sasl.username"] = "me" }, null);
        var queue = EndpointParser.Parse("k:2", new Uri("http://h:1/"), new Profile(kafka, null)).QueueKafka;
        Assert.Equal(("k:2", "me"), (queue.Bootstrap, queue.Properties["sasl.username"].Reveal()));
    }

    [Fact]
    public void An_empty_environment_variable_counts_as_none()
    {
        var unset = StandPaths.Find(null, null);
        Environment.SetEnvironmentVariable("MILLRACE_STREAMS", "");
        try { Assert.Equal(unset, StandPaths.Find(null, null)); }
        finally { Environment.SetEnvironmentVariable("MILLRACE_STREAMS", null); }
    }

    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("user_clicks", "clicks")]
    public void A_stream_to_pause_goes_by_its_name_or_its_topic(string word, string stream) =>
        Assert.Equal(stream, PauseCommand.Find(Shipped, word, "pause").Name);

    [Theory]
    [InlineData("nothing", "no stream is called nothing: there are clicks, orders, views")]
    [InlineData(null, "pause takes the name of a stream: there are clicks, orders, views")]
    public void A_stream_that_there_is_not_is_refused_with_those_that_there_are(string? word, string sentence)
    {
        var refused = Assert.Throws<CliException>(() => PauseCommand.Find(Shipped, word, "pause"));
        Assert.Equal((ExitCodes.Usage, sentence), (refused.ExitCode, refused.Message));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", 0)]
    [InlineData("10000000", 10_000_000)]
    public void A_rate_is_a_whole_number_and_may_be_left_out(string? text, int? rate) => Assert.Equal(rate, RateCommand.Parse(text));

    [Theory]
    [InlineData("-1")]
    [InlineData("10000001")]
    [InlineData("99999999999")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("fast")]
    [InlineData("")]
    public void What_is_no_rate_is_refused_with_what_it_may_be(string text)
    {
        var refused = Assert.Throws<CliException>(() => RateCommand.Parse(text));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Equal(
            $"rate takes a whole number of events a second from 0 (as many as Kafka takes) to 10000000, not '{text}'", refused.Message);
    }

    static StreamCatalog Shipped => StreamCatalog.Load(Path.Combine(Repository.Root, "streams"));
}
