using Millrace.Kafka.Broker.Topics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// DescribeLogDirs, versions 1 to 5 (KIP-113). The one data directory, and what each partition takes of it: the bytes of its segments,
// without indexes. Topics and partitions that are not there are left out, as Apache Kafka leaves them out.
//
// Differs from Apache Kafka: size and free bytes of the volume (version 4, KIP-827) are -1, not known; a partition that is offline is left
// out, while the directory has no error, since the others are served on.
static class DescribeLogDirsApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = DescribeLogDirsRequest.Read(ref reader, context.Version);
        var catalog = context.Broker.Topics;
        var topics = request.Topics is { } wanted
            ? from topic in wanted let found = catalog.Find(topic.Name) where found is not null select Describe(found, topic.Partitions)
            : catalog.All.Select(topic => Describe(topic, Enumerable.Range(0, topic.Partitions.Count)));
        var path = Path.GetFullPath(context.Broker.Options.DataDirectory);
        var held = topics.Where(topic => topic.Partitions.Length > 0).ToArray();
        var directory = new DescribeLogDirsResponse.Directory(ErrorCode.None, path, held);
        new DescribeLogDirsResponse([directory]).Write(context.Response, context.Version);
        return ValueTask.CompletedTask;
    }

    static DescribeLogDirsResponse.Topic Describe(Topic topic, IEnumerable<int> partitions) => new(
        topic.Name,
        [
            .. from index in partitions
               let log = topic.Partition(index)
               where log is { IsOffline: false }
               select new DescribeLogDirsResponse.Partition(index, log.Size),
        ]);
}
