using System.CommandLine;
using Millrace.Benchmarks;
using Millrace.Benchmarks.Stands;

return await new RootCommand("Millrace's measurements; results are kept in bench/results")
{
    Measure("broker", "the embedded broker beside Apache Kafka, through Confluent.Kafka's client", BrokerComparison.RunAsync,
        Number("--records", "records of 200 bytes to write and read", 5_000_000), Number("--rounds", "counted rounds, after one warm-up", 3)),
    Measure("startup", "from ./millrace up to a row in each table", (rounds, _) => Startup.RunAsync(rounds), Number("--rounds", "rounds", 5)),
    Measure("latency", "from event to row, lag and memory at a steady rate", Latency.RunAsync,
        Number("--seconds", "how long", 60), Number("--rate", "events a second", 1000)),
    Measure("viewers", "what those who look at the page cost the stand, and how late they see", Viewers.RunAsync,
        Number("--viewers", "how many look", 20), Number("--rounds", "rounds, each of 30 s without them and 30 s with them", 3)),
    Measure("page", "how soon a browser paints the page, how late a change is on the screen, and how large the page is", OnScreen.RunAsync,
        Number("--changes", "records, one after the other, each waited for", 100),
        Number("--rate", "events a second beside them; 0: a stand with nothing else to do", 0)),
    Beside(),
    Many(),
    Measure("drain", "a backlog emptied into the tables", (events, _) => Drain.RunAsync(events), Number("--events", "events in the backlog", 6_000_000)),
}.Parse(args).InvokeAsync();

static Option<int> Number(string name, string description, int otherwise) =>
    new(name) { Description = description, DefaultValueFactory = _ => otherwise };

static Command Measure(string name, string description, Func<int, int, Task<int>> run, params Option<int>[] options)
{
    var command = new Command(name, description);
    foreach (var option in options) command.Options.Add(option);
    command.SetAction((parsed, _) => run(parsed.GetValue(options[0]), options.Length > 1 ? parsed.GetValue(options[1]) : 0));
    return command;
}

static Command Many()
{
    var checkout = new Argument<string?>("checkout")
    {
        Description = "folder of another checkout, whose commands are measured in turn",
        Arity = ArgumentArity.ZeroOrOne,
    };
    var (streams, rounds) = (Number("--streams", "streams of six partitions, 1,000 events/s in all", 50), Number("--rounds", "rounds", 5));
    var command = new Command("many", "audit, groups and topics on a stand of many streams") { checkout, streams, rounds };
    command.SetAction((parsed, _) => ManyStreams.RunAsync(
        parsed.GetValue(checkout), parsed.GetValue(streams), parsed.GetValue(rounds)));
    return command;
}

static Command Beside()
{
    var checkout = new Argument<string>("checkout") { Description = "folder of the other checkout" };
    var rounds = Number("--rounds", "rounds, each of about four minutes", 5);
    var only = new Option<string[]>("--only")
    {
        HelpName = "drain|latency|startup|broker",
        Description = "what to measure; repeatable, everything unless given",
        DefaultValueFactory = _ => [],
    };
    var command = new Command("beside", "this checkout beside another one, in turn: drain, latency, memory, start-up, broker") { checkout, rounds, only };
    command.SetAction((parsed, _) => StandComparison.RunAsync(
        parsed.GetRequiredValue(checkout), parsed.GetValue(rounds), parsed.GetValue(only) ?? []));
    return command;
}
