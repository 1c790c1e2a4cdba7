using System.Diagnostics;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Broker.Purgatory;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;

namespace Millrace.Kafka.Broker.Apis;

// Fetch, versions 4 to 17; topics by id from version 13 (KIP-516).
// Answers at once when min_bytes can be read within the limits, on an error, from a sealed segment, and with nothing to wait for; otherwise when
// appends have brought min_bytes, when a partition goes offline or its topic is deleted, or after max_wait.
// Whole record batches, from the one that holds the fetch offset: the client drops records before it. The first batch of an answer goes out
// even when it is larger than every limit, or the client would never get past it (KIP-74).
// Without transactions every record is stable: both isolation levels read up to the high watermark.
//
// Differs from Apache Kafka: no fetch sessions (KIP-227). Every answer is complete and has session id 0, which tells the client to keep none.
//
// OFFSET_OUT_OF_RANGE          the fetch offset is below the log start offset or above the log end offset
// UNKNOWN_TOPIC_OR_PARTITION   or UNKNOWN_TOPIC_ID by id: the topic is not there, or not any more
// UNKNOWN_LEADER_EPOCH         the client names a later leader epoch than this broker ever had (KIP-320)
// KAFKA_STORAGE_ERROR          the partition is offline since trouble with the disk, or goes offline by this read
// CORRUPT_MESSAGE              the disk no longer holds the batch at the fetch offset as it was written
// FETCH_SESSION_ID_NOT_FOUND   an incremental fetch of a session, which this broker never opened
static class FetchApi
{
    public static ValueTask HandleAsync(RequestContext context)
    {
        var reader = context.CreateReader();
        var request = FetchRequest.Read(ref reader, context.Version);
        if (request.SessionId != 0 && request.SessionEpoch > 0)
        {
            RefuseSession(context);
            return ValueTask.CompletedTask;
        }

        var pass = new FetchPass(context, request);
        pass.Write();
        return pass.IsEnough ? ValueTask.CompletedTask : WaitAsync(pass, context, request);
    }

    static async ValueTask WaitAsync(FetchPass pass, RequestContext context, FetchRequest request)
    {
        using var delayed = new DelayedFetch(
            pass.Logs, TimeSpan.FromMilliseconds(request.MaxWaitMs), context.Broker.Clock, context.Connection.Aborted);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            delayed.Rearm();
            context.Connection.Aborted.ThrowIfCancellationRequested();
            var expired = delayed.Expired;
            if (expired || pass.MayHaveBecomeEnough)
            {
                pass.Write();
                if (expired || pass.IsEnough) break;
            }
            await delayed.WaitAsync();
        }
        BrokerMeters.FetchWaited(Stopwatch.GetElapsedTime(started));
    }

    static void RefuseSession(RequestContext context)
    {
        FetchResponse.WriteStart(context.Response, context.Version, ErrorCode.FetchSessionIdNotFound, topicCount: 0);
        FetchResponse.WriteEnd(context.Response, context.Version);
    }
}
