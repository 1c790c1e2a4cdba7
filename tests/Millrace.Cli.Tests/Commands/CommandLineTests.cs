using Millrace.Cli.Commands;

namespace Millrace.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("up -d --any-port --rate 5 --acks all")]
    [InlineData("up --kafka a:1,b:2 --clickhouse http://u:p@h:8123/db")]
    [InlineData("down -v")]
    [InlineData("--data /x ps -o json")]
    [InlineData("logs broker -f -n 10")]
    [InlineData("logs")]
    [InlineData("restart")]
    [InlineData("run broker --kafka-port 0 --listen 0.0.0.0")]
    [InlineData("sql --format CSV")]
    public void These_command_lines_are_right(string commandLine) => Assert.Empty(MillraceCommand.Create().Parse(commandLine.Split(' ')).Errors);

    [Theory]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense': see  millrace --help")]
    [InlineData("up --kafka nonsense", "--kafka takes HOST:PORT, several with commas between them, not 'nonsense': see  millrace up --help")]
    [InlineData("run broker --kafka-port -1", "--kafka-port takes a port from 0 to 65535: see  millrace run broker --help")]
    [InlineData("logs nosuch", "Argument 'nosuch' not recognized. Must be one of: 'broker' 'clickhouse' 'setup' 'emitter': see  millrace logs --help")]
    public void These_are_wrong_and_one_sentence_says_how(string commandLine, string sentence) =>
        Assert.Equal(sentence, UsageError.Sentence(MillraceCommand.Create().Parse(commandLine.Split(' '))));

    [Theory]
    [InlineData("http://h:1/", "http://h:1/", "default", "", "default")]
    [InlineData("http://me:s%20p@h:1/shop", "http://h:1/", "me", "s p", "shop")]
    [InlineData("https://h/", "https://h/", "default", "", "default")]
    public void A_clickhouse_url_carries_user_password_and_database(string url, string address, string user, string password, string database)
    {
        var endpoints = EndpointParser.Parse("k:1", new Uri(url));
        Assert.Equal((new Uri(address), user, password, database), (endpoints.ClickHouse, endpoints.ClickHouseUser, endpoints.ClickHousePassword, endpoints.Database));
    }

    [Theory]
    [InlineData("http://me:s%20p@h:1/shop", "http://me@h:1/shop")]
    [InlineData("--clickhouse=http://me:s%20p@h:1/", "--clickhouse=http://me@h:1/")]
    [InlineData("--kafka", "--kafka")]
    [InlineData("10.0.0.1:9092", "10.0.0.1:9092")]
    public void No_process_is_given_a_password_on_its_command_line(string argument, string shown) => Assert.Equal(shown, ClickHousePassword.TakeFrom(argument));

    [Fact]
    public void A_data_path_too_long_for_a_socket_gets_one_in_the_temporary_folder()
    {
        Assert.Equal("/data/control.sock", new StandPaths("/data", "/s").Socket);
        var paths = new StandPaths("/" + new string('x', 200), "/s");
        Assert.InRange(paths.Socket.Length, 1, 107);
        Assert.NotEqual(paths.Socket, new StandPaths("/" + new string('y', 200), "/s").Socket);
    }
}
