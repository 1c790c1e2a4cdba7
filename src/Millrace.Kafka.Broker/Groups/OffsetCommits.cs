using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// Who may commit offsets when, and which of them (Apache Kafka, ClassicGroup.java: validateOffsetCommit; OffsetMetadataManager.java:
/// commitOffset).
/// </summary>
/// <param name="partitionExists">Whether a topic has this partition.</param>
/// <remarks>Every method is called with the group's lock held.</remarks>
sealed class OffsetCommits(Func<string, int, bool> partitionExists, GroupStore store, TimeProvider clock)
{
    /// <summary>offset.metadata.max.bytes; counted in UTF-16 units, as Apache Kafka does in spite of the name.</summary>
    const int MaxMetadataLength = 4096;

    public OffsetCommitResponse Commit(Group group, OffsetCommitRequest request)
    {
        var error = Check(group, request);
        if (error != ErrorCode.None) return RefuseAll(request, error);
        if (group.State is GroupState.Stable or GroupState.PreparingRebalance && group.Find(request.MemberId) is { } member)
            member.Session.Restart(member);
        return Store(request);
    }

    public static OffsetCommitResponse RefuseAll(OffsetCommitRequest request, ErrorCode error) => Answer(request, (_, _) => error);

    /// <summary>
    /// Generation -1 with no member is an admin client, or a consumer with partitions assigned by hand: only while nobody is in the group.
    /// </summary>
    static ErrorCode Check(Group group, OffsetCommitRequest request)
    {
        if (group.State == GroupState.Dead) return ErrorCode.CoordinatorNotAvailable;
        if (request.GenerationId < 0 && group.State == GroupState.Empty) return ErrorCode.None;
        var error = group.Check(request.MemberId, request.GroupInstanceId);
        if (error != ErrorCode.None) return error;
        if (request.GenerationId != group.GenerationId) return ErrorCode.IllegalGeneration;
        return group.State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    OffsetCommitResponse Store(OffsetCommitRequest request)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var expiresAt = request.RetentionTimeMs < 0 ? -1 : now + request.RetentionTimeMs;
        var taken = new List<KeyValuePair<TopicPartition, CommittedOffset>>();
        var response = Answer(request, (topic, partition) =>
        {
            if (CheckPartition(topic, partition) is not ErrorCode.None and var error) return error;
            var committed = new CommittedOffset(
                partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata ?? "", now, expiresAt);
            taken.Add(new(new(topic, partition.Index), committed));
            return ErrorCode.None;
        });
        if (taken.Count == 0 || store.TryApply(new OffsetsCommitted(request.GroupId, taken))) return response;
        return Answer(request, (topic, partition) =>
            CheckPartition(topic, partition) is var error and not ErrorCode.None ? error : ErrorCode.CoordinatorNotAvailable);
    }

    ErrorCode CheckPartition(string topic, OffsetCommitRequest.Partition partition)
    {
        if (!partitionExists(topic, partition.Index)) return ErrorCode.UnknownTopicOrPartition;
        return partition.Metadata?.Length > MaxMetadataLength ? ErrorCode.OffsetMetadataTooLarge : ErrorCode.None;
    }

    /// <summary>OffsetDelete (KIP-496): offsets of topics that a member reads stay.</summary>
    public OffsetDeleteResponse Delete(Group group, OffsetDeleteRequest request)
    {
        if (group.State == GroupState.Dead) return new OffsetDeleteResponse(ErrorCode.GroupIdNotFound, []);
        if (group.State != GroupState.Empty && group.ProtocolType != ConsumerProtocolSubscription.ProtocolType)
            return new OffsetDeleteResponse(ErrorCode.NonEmptyGroup, []);
        var response = AnswerDelete(request, (topic, partition) =>
            !partitionExists(topic, partition) ? ErrorCode.UnknownTopicOrPartition
            : group.IsSubscribedTo(topic) ? ErrorCode.GroupSubscribedToTopic
            : ErrorCode.None);
        var deleted = response.Topics
            .SelectMany(topic => topic.Partitions
                .Where(each => each.Error == ErrorCode.None)
                .Select(each => new TopicPartition(topic.Name, each.Index)))
            .ToArray();
        return deleted.Length == 0 || store.TryApply(new OffsetsForgotten(group.Id, deleted))
            ? response
            : new OffsetDeleteResponse(ErrorCode.CoordinatorNotAvailable, []);
    }

    static OffsetDeleteResponse AnswerDelete(OffsetDeleteRequest request, Func<string, int, ErrorCode> answer) => new(
        ErrorCode.None,
        [.. request.Topics.Select(topic => new OffsetDeleteResponse.Topic(
            topic.Name,
            [.. topic.Partitions.Select(partition => new OffsetDeleteResponse.Partition(partition, answer(topic.Name, partition)))]))]);

    static OffsetCommitResponse Answer(OffsetCommitRequest request, Func<string, OffsetCommitRequest.Partition, ErrorCode> answer) => new(
        [.. request.Topics.Select(topic => new OffsetCommitResponse.Topic(
            topic.Name,
            [.. topic.Partitions.Select(
                partition => new OffsetCommitResponse.Partition(partition.Index, answer(topic.Name, partition)))]))]);
}
