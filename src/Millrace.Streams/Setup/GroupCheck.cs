using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Streams.ClickHouse;
using Millrace.Streams.Ddl;
using Millrace.Streams.Definition;
using Millrace.Streams.Kafka;

namespace Millrace.Streams.Setup;

/// <summary>
/// Looks at the consumer group before queue tables join it. A group gives each record to one member, so it must be the stand's alone.
/// </summary>
sealed class GroupCheck(ClickHouseClient client, KafkaQuestions kafka, StandEndpoints endpoints, StreamCatalog catalog, ILogger logger)
{
    /// <summary>More than librdkafka's session timeout, 45 s: a consumer that was killed is gone by then.</summary>
    static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    string Group => endpoints.Identity.Group;

    /// <param name="found">The group as it was before the tables are looked at here: a member of a table that was made in between is none
    /// of a stranger.</param>
    /// <param name="state">The database before anything of this setup was applied.</param>
    /// <param name="limit">How long a consumer that may be a dead one of this stand is waited for; 60 s unless given.</param>
    /// <exception cref="GroupTakenException">It has a member that is no queue table of this stand.</exception>
    public async Task RunAsync(GroupInfo? found, DatabaseState state, TimeSpan? limit, TimeProvider time, CancellationToken cancellation)
    {
        if (found is null) return;
        if (found.Members.Count > 0) await RequireOwnAsync(found, state, limit, time, cancellation).ConfigureAwait(false);
    }

    async Task RequireOwnAsync(GroupInfo found, DatabaseState state, TimeSpan? limit, TimeProvider time, CancellationToken cancellation)
    {
        var prefix = await QueueClients.PrefixAsync(client, cancellation).ConfigureAwait(false);
        var existing = state.Tables.Where(table => table.Engine == "Kafka" && DdlObject.OwnerOf(table) == endpoints.Identity.Name);
        var names = existing.Select(table => table.Name).ToHashSet();
        var tables = catalog.Streams.Select(stream => stream.QueueTable).Concat(names);
        var own = tables.Select(name => prefix + name).Append(GroupVisit.ClientId).ToHashSet();
        Require(found, member => own.Contains(member.ClientId) || IsLeftOver(member), "which is no queue table of this stand");
        Func<GroupMemberInfo, bool> mayBeDead = names.Count == 0 ? _ => true : IsLeftOver;
        await WaitForDeadAsync(found, mayBeDead, limit ?? LeaveLimit, time, cancellation).ConfigureAwait(false);

        // Of a stream that was removed: ClickHouse destroys its consumer, which does not leave.
        bool IsLeftOver(GroupMemberInfo member) => !own.Contains(member.ClientId)
            && member.ClientId.StartsWith(prefix, StringComparison.Ordinal) && state.Find(member.ClientId[prefix.Length..]) is null;
    }

    /// <summary>
    /// Without its queue table in this database a member of such a name is a consumer that was killed, or of another ClickHouse on a host
    /// of this name.
    /// </summary>
    async Task WaitForDeadAsync(
        GroupInfo found, Func<GroupMemberInfo, bool> mayBeDead, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        if (found.Members.FirstOrDefault(mayBeDead) is { } first) logger.MemberWaitedFor(first.ClientId, Group);
        for (var now = found; now?.Members.Any(mayBeDead) == true; now = await LookAgainAsync(now, cancellation).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(started) > limit)
                Require(now, member => !mayBeDead(member), "which is called like a queue table of this stand, yet is another's");
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <returns>The group as it was at the last look where Kafka does not say now, as while it restarts.</returns>
    async Task<GroupInfo?> LookAgainAsync(GroupInfo before, CancellationToken cancellation)
    {
        try
        {
            return await kafka.AskGroupAsync(Group, cancellation).ConfigureAwait(false);
        }
        catch (KafkaUnavailableException)
        {
            return before;
        }
    }

    void Require(GroupInfo group, Func<GroupMemberInfo, bool> isOwn, string why)
    {
        if (group.Members.FirstOrDefault(member => !isOwn(member)) is { } stranger)
            throw new GroupTakenException(Group, stranger.ClientId, stranger.ClientHost.TrimStart('/'), why);
    }
}
