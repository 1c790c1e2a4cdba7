using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Output;
using Millrace.Streams.Kafka;
using Spectre.Console;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace groups</c>: every consumer group: who reads what, how far it is, how far behind.</summary>
static class GroupsCommand
{
    public static Command Create(GlobalOptions options)
    {
        var command = new Command("groups", "List the consumer groups: members, committed offsets, lag.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var invocation = Invocation.From(parsed, options);
            using var kafka = new KafkaAdmin(invocation.Endpoints);
            var groups = await kafka.ListGroupsAsync(cancellation);
            if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(groups, OutputJson.Default.IReadOnlyListGroupDescription);
            else Terminal.WriteTable(ToTable(groups));
            return ExitCodes.Success;
        });
        return command;
    }

    internal static Table ToTable(IReadOnlyList<GroupDescription> groups)
    {
        var table = Terminal.Table("GROUP", "STATE", "TOPIC", "PARTITION>", "COMMITTED>", "LOG END>", "LAG>", "MEMBER");
        foreach (var group in groups)
        {
            if (group.Partitions.Count == 0) table.AddRow(Markup.Escape(group.GroupId), group.State);
            foreach (var partition in group.Partitions)
                table.AddRow(Markup.Escape(group.GroupId), group.State, Markup.Escape(partition.Topic), partition.Partition.ToString(CultureInfo.InvariantCulture),
                    partition.CommittedOffset is { } committed ? Humanize.Count(committed) : "none", Humanize.Count(partition.LogEndOffset), Humanize.Count(partition.Lag),
                    Markup.Escape(MemberOf(group, partition)));
        }
        return table;
    }

    static string MemberOf(GroupDescription group, GroupPartition partition) =>
        group.Members.FirstOrDefault(member => member.MemberId == partition.MemberId) is { } member ? $"{member.ClientId} {member.Host}" : "";
}
