using System.CommandLine;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Cli.CommandLine;
using Millrace.Cli.Output;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Millrace.Cli.Commands;

/// <summary><c>millrace groups</c>: every consumer group: who reads what, how far it is, how far behind.</summary>
static class GroupsCommand
{
    /// <summary>So that offsets of twelve digits still leave a line within 80 columns.</summary>
    const int LongestMember = 20;

    /// <summary>For who is paused: Kafka's answer does not wait longer for that.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    static readonly IReadOnlySet<string> NoTopics = new HashSet<string>();

    public static Command Create(GlobalOptions options)
    {
        var command = new Command("groups", "List the consumer groups: members, committed offsets, lag.");
        return ServerCommand.Asking(command, options, (invocation, _, cancellation) => RunAsync(invocation, cancellation));
    }

    static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var endpoints = invocation.Endpoints(Servers.Kafka);
        using var kafka = new KafkaAdmin(endpoints);
        var order = TopicOrder.Of(() => invocation.Catalog);
        var asked = PausedAsync(invocation, cancellation);
        var found = await kafka.FindGroupsAsync(cancellation);
        var paused = await asked;
        IReadOnlyList<GroupDescription> groups =
        [
            .. found.Groups.Select(With)
                .Select(group => group with { Partitions = order.Sort(group.Partitions, partition => partition.Topic) }),
        ];
        if (invocation.Output == OutputFormat.Json) Terminal.WriteJson(groups, OutputJson.Default.IReadOnlyListGroupDescription);
        else Terminal.Write(Render(groups));
        if (found.Silent.Count > 0)
            Terminal.Note($"No answer from {string.Join(", ", found.Silent)}: the groups that it coordinates are not listed.");
        return ExitCodes.Success;

        GroupDescription With(GroupDescription group) => group.GroupId == endpoints.Identity.Group ? group.WithPaused(paused) : group;
    }

    /// <summary>Only ClickHouse knows it: asked where it is known beside this Kafka, and not waited for.</summary>
    /// <returns>The topics of the streams that are paused; none where nobody says so.</returns>
    static async Task<IReadOnlySet<string>> PausedAsync(Invocation invocation, CancellationToken cancellation)
    {
        var isTheStands = invocation.AsksTheStand(Servers.Kafka) && invocation.Stand?.ClickHouse is not null;
        if (invocation.ClickHouse is null && !isTheStands) return NoTopics;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(AnswerLimit);
        try
        {
            var endpoints = invocation.Endpoints(Servers.Both);
            using var client = new ClickHouseClient(endpoints);
            return await StreamPause.TopicsAsync(client, invocation.Catalog.Streams, endpoints.Identity.Name, limited.Token);
        }
        catch (Exception e) when (e is ClickHouseTroubleException or StreamDefinitionException)
        {
            return NoTopics;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return NoTopics;
        }
    }

    /// <summary>A heading and a table for each group, in 80 columns.</summary>
    internal static IRenderable Render(IReadOnlyList<GroupDescription> groups) =>
        new Rows(groups.SelectMany(group => new IRenderable[] { Heading(group), Partitions(group) }));

    static Text Heading(GroupDescription group) =>
        new($"{group.GroupId}: {group.State}, {Plural(group.Members.Count, "member")}, lag {Humanize.Count(group.Lag)}");

    static Padder Partitions(GroupDescription group)
    {
        var table = Terminal.Table("TOPIC", "PARTITION>", "COMMITTED>", "LOG END>", "LAG>", "MEMBER")
            .Dropping("MEMBER", "LOG END", "COMMITTED");
        foreach (var partition in group.Partitions)
            table.AddRow(Markup.Escape(partition.Topic), partition.Partition.ToString(CultureInfo.InvariantCulture),
                partition.CommittedOffset is { } committed ? Humanize.Count(committed) : "none",
                partition.Error is null ? Count(partition.LogEndOffset) : "offline", Count(partition.Lag),
                partition.Paused ? "paused" : Markup.Escape(MemberOf(group, partition)));
        return new Padder(table, new Padding(2, 0, 0, 0));
    }

    static string Count(long? count) => count is { } known ? Humanize.Count(known) : "-";

    static string MemberOf(GroupDescription group, GroupPartition partition) =>
        group.Members.FirstOrDefault(member => member.MemberId == partition.MemberId) is { } member ? Shorten(member.ClientId) : "nobody";

    /// <summary>ClickHouse names its consumers ClickHouse-HOST-DATABASE-TABLE: the end tells them apart.</summary>
    static string Shorten(string clientId) => clientId.Length <= LongestMember ? clientId : "…" + clientId[^(LongestMember - 1)..];

    static string Plural(int count, string word) => $"{count} {word}{(count == 1 ? "" : "s")}";
}
