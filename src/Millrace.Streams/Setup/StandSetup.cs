using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Expressions;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>
/// Makes a stand ready for events: topics, tables, views, queue tables.
/// What is there already stays; several setups may run at once.
/// </summary>
public static class StandSetup
{
    /// <summary>How long a server may take to answer at first: a container's ClickHouse needs half a minute on a slow disk.</summary>
    static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    /// <exception cref="KafkaUnavailableException">Kafka does not answer, or refuses a topic.</exception>
    /// <exception cref="ClickHouseUnavailableException">ClickHouse does not answer.</exception>
    /// <exception cref="ClickHouseException">ClickHouse refused a statement.</exception>
    /// <exception cref="ClickHouseRefusedException">ClickHouse does not let the user in, or not do it.</exception>
    /// <exception cref="ServerTooOldException">A server is too old.</exception>
    /// <exception cref="StreamDefinitionException">ClickHouse does not take an expression of a definition.</exception>
    /// <exception cref="DdlRefusedException">A table can't become what its definition says, or is another stand's or somebody
    /// else's.</exception>
    /// <exception cref="GroupTakenException">Somebody else reads in the stand's group.</exception>
    /// <exception cref="TopicRecreatedException">A topic does not hold what ClickHouse has stored of it.</exception>
    public static Task<SetupReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, ILogger logger, CancellationToken cancellation) =>
        RunAsync(endpoints, catalog, Allowances.None, logger, cancellation);

    /// <param name="allowed">Data that may be lost.</param>
    /// <inheritdoc cref="RunAsync(StandEndpoints, StreamCatalog, ILogger, CancellationToken)"/>
    public static async Task<SetupReport> RunAsync(
        StandEndpoints endpoints, StreamCatalog catalog, Allowances allowed, ILogger logger, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        using var client = new ClickHouseClient(endpoints);
        await using var kafka = new KafkaQuestions(endpoints, KafkaClientProperties.AnswerLimit);
        var topics = new TopicSetup(kafka, time);
        var reading = ReadDatabaseAsync(client, catalog, endpoints, time, cancellation);
        var (partitions, created) = await CreateTopicsAsync(topics, catalog, cancellation).ConfigureAwait(false);
        var group = await FindGroupAsync(kafka, endpoints.Identity.Group, logger, cancellation).ConfigureAwait(false);
        var logEnds = await LogEndsAsync(kafka, catalog, partitions).ConfigureAwait(false);
        // What may refuse comes first: until here nothing is changed but that topics exist which were not there.
        var state = await reading.ConfigureAwait(false);
        var plan = DdlPlan.Compute(state, catalog, endpoints);
        allowed.Require(plan.Operations);
        await new GroupCheck(client, kafka, endpoints, catalog, logger)
            .RunAsync(group, state, null, time, cancellation).ConfigureAwait(false);
        await new RecreatedTopicCheck(client, kafka, endpoints, catalog.Streams)
            .RunAsync(state, logEnds, cancellation).ConfigureAwait(false);
        await new EarlierRecords(client, kafka, endpoints, catalog, logger)
            .ReadFirstAsync(plan.Demands, time, cancellation).ConfigureAwait(false);
        if (group is not null)
            await new FreshTables(client, kafka, endpoints, catalog, logger).RunAsync(state, time, cancellation).ConfigureAwait(false);
        var raised = await topics.RaisePartitionsAsync(catalog, partitions).ConfigureAwait(false);
        var configured = await topics.ConfigureAsync(catalog, partitions).ConfigureAwait(false);
        // To go takes it a tenth of a second, which ClickHouse's work covers.
        _ = kafka.DisposeAsync();
        var done = await plan.CarryOutAsync(client, catalog, endpoints, allowed, time, cancellation).ConfigureAwait(false);
        if (done is null) return await RunAsync(endpoints, catalog, allowed, logger, cancellation).ConfigureAwait(false);
        var report = new SetupReport(created, raised, done.Statements, time.GetElapsedTime(started))
        {
            ConfiguredTopics = configured,
            ChangedSchema = done.Statements.Count > 0 && SchemaChange.IsDue(catalog, endpoints, state),
        };
        Trace(logger, report);
        foreach (var sentence in StreamSurprises.Of(catalog)) logger.Surprise(sentence);
        foreach (var stream in catalog.Streams.Where(stream => StreamPause.IsPaused(stream, endpoints.Identity.Name, state)))
            logger.StaysPaused(stream.Name);
        return report;
    }

    static async Task<DatabaseState> ReadDatabaseAsync(
        ClickHouseClient client, StreamCatalog catalog, StandEndpoints endpoints, TimeProvider time, CancellationToken cancellation)
    {
        await client.WaitReadyAsync(ReadyLimit, time, cancellation).ConfigureAwait(false);
        await ExpressionCheck.RunAsync(client, catalog, cancellation).ConfigureAwait(false);
        var checking = ClickHouseVersionCheck.RunAsync(client, endpoints.ClickHouse, cancellation);
        var reading = DatabaseState.ReadAsync(client, catalog, cancellation);
        await checking.ConfigureAwait(false);
        return await reading.ConfigureAwait(false);
    }

    /// <returns>How many partitions each topic has that was there before, and what was created.</returns>
    static async Task<(IReadOnlyDictionary<string, int> Partitions, IReadOnlyList<string> Created)> CreateTopicsAsync(
        TopicSetup topics, StreamCatalog catalog, CancellationToken cancellation)
    {
        var partitions = await topics.WaitForPartitionsAsync(ReadyLimit, cancellation).ConfigureAwait(false);
        var created = await topics.CreateMissingAsync(catalog, partitions).ConfigureAwait(false);
        // Whoever made the rest in the meantime may have given them fewer partitions, and they may hold records already.
        if (catalog.Streams.Any(stream => !partitions.ContainsKey(stream.Topic) && !created.Contains(stream.Topic)))
            partitions = await topics.WaitForPartitionsAsync(ReadyLimit, cancellation).ConfigureAwait(false);
        return (partitions, created);
    }

    /// <summary>A Kafka that does not say who reads does not keep the stand from reading.</summary>
    static async Task<GroupInfo?> FindGroupAsync(KafkaQuestions kafka, string group, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            return await kafka.AskGroupAsync(group, cancellation).ConfigureAwait(false);
        }
        catch (KafkaUnavailableException e)
        {
            logger.GroupUnknown(group, e.Message);
            return null;
        }
    }

    /// <summary>Of the partitions that were there before this setup: those it made are empty.</summary>
    static Task<IReadOnlyDictionary<TopicPartition, long>> LogEndsAsync(
        KafkaQuestions kafka, StreamCatalog catalog, IReadOnlyDictionary<string, int> partitions)
    {
        var asked = catalog.Streams.Where(stream => partitions.ContainsKey(stream.Topic))
            .SelectMany(stream => Enumerable
                .Range(0, partitions[stream.Topic])
                .Select(partition => new TopicPartition(stream.Topic, partition)))
            .ToList();
        return new OffsetReader(kafka).LogEndsAsync(asked);
    }

    static void Trace(ILogger logger, SetupReport report)
    {
        foreach (var topic in report.CreatedTopics) logger.TopicCreated(topic);
        foreach (var topic in report.RaisedTopics) logger.PartitionsRaised(topic);
        foreach (var topic in report.ConfiguredTopics) logger.TopicConfigured(topic);
        foreach (var statement in report.Statements) logger.StatementApplied(statement.Why, statement.Sql.Split('\n')[0]);
        if (report.ChangedNothing) logger.NothingToDo((long)report.Elapsed.TotalMilliseconds);
    }
}
