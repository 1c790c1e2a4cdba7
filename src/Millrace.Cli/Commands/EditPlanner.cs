using Millrace.Cli.CommandLine;
using Millrace.Cli.Documents;
using Millrace.Cli.Output;
using Millrace.Streams;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;
using Millrace.Streams.Setup;

namespace Millrace.Cli.Commands;

/// <summary>Finds out what an edit of the definitions comes to. Changes nothing.</summary>
static class EditPlanner
{
    /// <inheritdoc cref="PlanAsync(StandEndpoints, StreamCatalog, StandState?, CancellationToken)"/>
    public static Task<EditPlan> PlanAsync(Invocation invocation, CancellationToken cancellation)
    {
        var endpoints = invocation.Endpoints(Servers.Both);
        return PlanAsync(endpoints, invocation.Catalog, StandOf(invocation), cancellation);
    }

    /// <summary>The stand that carries the edit out; null where the servers are somebody else's.</summary>
    public static StandState? StandOf(Invocation invocation) =>
        invocation.AsksTheStand(Servers.Kafka) && invocation.AsksTheStand(Servers.ClickHouse) ? invocation.RequireStand() : null;

    /// <param name="stand">The stand whose emitter makes the records; null where that is somebody else's.</param>
    /// <exception cref="DdlRefusedException">A table can't become what its definition says, or is another stand's or somebody
    /// else's.</exception>
    public static async Task<EditPlan> PlanAsync(
        StandEndpoints endpoints, StreamCatalog catalog, StandState? stand, CancellationToken cancellation)
    {
        using var client = new ClickHouseClient(endpoints);
        var ddl = await DdlPlan.ComputeAsync(client, catalog, endpoints, cancellation);
        await ddl.CheckAsync(client, cancellation);
        using var kafka = new KafkaAdmin(endpoints);
        var held = await kafka.PartitionsOfAsync([.. catalog.Streams.Select(stream => stream.Topic)], cancellation);
        var topics = held.CountBy(partition => partition.Topic).ToDictionary();
        var demands = ddl.Demands.Count > 0 ? await DemandsAsync(kafka, endpoints.Identity.Group, ddl.Demands, cancellation) : [];
        var configured = catalog.Streams.Where(stream => stream.TopicConfig.Count > 0 && topics.ContainsKey(stream.Topic));
        var settings = await kafka.SettingsOfAsync([.. configured.Select(stream => stream.Topic)]);
        List<TopicEdit> edits = [.. catalog.Streams.Select(stream => EditOf(stream, topics, settings)).OfType<TopicEdit>()];
        return new EditPlan(edits, ddl.Operations, ddl.Statements, demands, FateOf(stand, catalog, edits.Count > 0 || !ddl.IsEmpty));
    }

    static TopicEdit? EditOf(
        StreamDefinition stream, Dictionary<string, int> topics, IReadOnlyDictionary<string, IReadOnlyList<TopicSetting>> settings)
    {
        if (!topics.TryGetValue(stream.Topic, out var partitions))
            return new TopicEdit(stream.Topic, 0, stream.Partitions, TopicConfigEdit.Of(stream, []));
        var configs = settings.TryGetValue(stream.Topic, out var found) ? TopicConfigEdit.Of(stream, found) : [];
        var isRaised = stream.RaisesPartitions && partitions < stream.Partitions;
        return isRaised || configs.Count > 0
            ? new TopicEdit(stream.Topic, partitions, isRaised ? stream.Partitions : partitions, configs)
            : null;
    }

    static async Task<IReadOnlyList<DemandReport>> DemandsAsync(
        KafkaAdmin kafka, string group, IReadOnlyList<NewDemand> demands, CancellationToken cancellation)
    {
        var reading = (await kafka.ListGroupsAsync(cancellation)).FirstOrDefault(one => one.GroupId == group);
        return [.. demands.Select(Report)];

        DemandReport Report(NewDemand demand) =>
            new(demand.Topic, demand.TargetTable, demand.Columns, demand.Changed, Unread(demand.Topic), demand.IsPaused);

        long Unread(string topic) => reading?.Partitions.Where(partition => partition.Topic == topic).Sum(partition => partition.Lag) ?? 0;
    }

    static EmitterFate FateOf(StandState? stand, StreamCatalog catalog, bool hasChanges)
    {
        var emitter = stand?.Services.FirstOrDefault(service => service.Name == ServiceNames.Emitter);
        if (stand is null || emitter is null) return EmitterFate.Elsewhere;
        if (emitter.State == ServiceState.Finished && stand.EmitterEnds) return EmitterFate.Done;
        return hasChanges || emitter.Definitions != catalog.Fingerprint ? EmitterFate.Restarts : EmitterFate.Stays;
    }
}
