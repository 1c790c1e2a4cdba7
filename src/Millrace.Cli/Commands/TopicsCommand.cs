using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.Kafka;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace topics</c>: every topic with its partitions and offsets.</summary>
static class TopicsCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("topics", "List the topics, their partitions and offsets.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            return await ServerTrouble.ExplainAsync(invocation, () => RunAsync(invocation, cancellation));
        });
        return options.Only(command, options.Kafka, options.Profile, options.Data, options.Streams, options.Output);
    }

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        using var kafka = new KafkaAdmin(invocation.Endpoints(Servers.Kafka));
        var topics = TopicOrder.Of(() => invocation.Catalog).Sort(await kafka.ListTopicsAsync(cancellation: cancellation), topic => topic.Name);
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(topics, OutputJson.Default.IReadOnlyListTopicDescription);
        else Terminal.Write(ToTable(topics));
        return ExitCodes.Success;
    }

    internal static AnswerTable ToTable(IReadOnlyList<TopicDescription> topics)
    {
        var table = Terminal.Table("TOPIC", "PARTITION>", "LOG START>", "LOG END>", "RECORDS>", "SIZE>", "LEADER>", "ISR")
            .Dropping("ISR", "LEADER", "LOG START", "LOG END");
        foreach (var topic in topics)
            foreach (var partition in topic.Partitions)
                table.AddRow(Markup.Escape(topic.Name), Number(partition.Partition), Count(partition.LogStartOffset), Count(partition.LogEndOffset),
                    Count(partition.Records), partition.SizeBytes is { } size ? Humanize.Bytes(size) : "-",
                    partition.Error is null ? Number(partition.Leader) : "offline", string.Join(',', partition.InSyncReplicas));
        return table;
    }

    static string Count(long? count) => count is { } known ? Humanize.Count(known) : "-";

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
