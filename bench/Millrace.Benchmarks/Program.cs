using System.CommandLine;
using Millrace.Benchmarks;

var records = new Option<int>("--records") { Description = "records to write and read", DefaultValueFactory = _ => 5_000_000 };
var rounds = new Option<int>("--rounds") { Description = "counted rounds, after one warm-up", DefaultValueFactory = _ => 3 };
var broker = new Command("broker", "the embedded broker against Apache Kafka, through librdkafka") { records, rounds };
broker.SetAction((parsed, _) => BrokerComparison.RunAsync(parsed.GetValue(records), parsed.GetValue(rounds)));
return await new RootCommand("Millrace's measurements") { broker }.Parse(args).InvokeAsync();
