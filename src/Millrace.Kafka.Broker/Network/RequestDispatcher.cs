using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Apis;
using Millrace.Kafka.Broker.Basics;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Messages;
using ProtocolViolationException = Millrace.Kafka.Protocol.ProtocolViolationException;

namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// Does once what every API needs: reads the header, checks the version, frames the response, and turns whatever goes wrong into the end of
/// that one connection. Apache Kafka closes without an answer on an unknown API, an unsupported version and a malformed body
/// (SocketServer.scala).
/// </summary>
/// <remarks>Thread-safe: it holds no state of a request.</remarks>
sealed class RequestDispatcher(BrokerState broker, CutOffClients cutOff, ILogger logger)
{
    /// <summary>Reads one request and writes its framed response to the empty <paramref name="response"/>. Never throws.</summary>
    public async ValueTask<RequestOutcome> DispatchAsync(ReadOnlyMemory<byte> frame, ConnectionInfo connection, KafkaWriter response)
    {
        var header = new RequestHeader(BrokerMeters.UnknownApi, default, default); // of a frame too short for one
        var started = Stopwatch.GetTimestamp();
        var failure = ErrorCode.InvalidRequest;
        try
        {
            var context = Open(frame, connection, response, ref header);
            if (context is { CloseConnection: false }) await ApiTable.Find(header.ApiKey)!.Handle(context);
            failure = response.FirstError;
            return context is null ? RequestOutcome.Answered : Finish(context);
        }
        catch (ProtocolViolationException violation)
        {
            logger.RequestRefused(connection.Peer, header.ApiKey, header.Version, header.CorrelationId, violation.Message);
        }
        catch (OperationCanceledException) when (connection.Aborted.IsCancellationRequested)
        {
            // The client is gone, or the broker stops: nobody waits for the answer.
            failure = ErrorCode.None;
        }
        catch (Exception e)
        {
            failure = ErrorCode.UnknownServerError;
            logger.RequestFailed(e, connection.Peer, header.ApiKey, header.Version, header.CorrelationId);
        }
        finally
        {
            BrokerMeters.Request(header.ApiKey, Stopwatch.GetElapsedTime(started), frame.Length + sizeof(int), failure);
        }
        return RequestOutcome.Close;
    }

    /// <returns>null when the request is answered already: an ApiVersions of a version unknown here.</returns>
    /// <param name="header">Set as far as it could be read: what the warning names.</param>
    RequestContext? Open(ReadOnlyMemory<byte> frame, ConnectionInfo connection, KafkaWriter response, ref RequestHeader header)
    {
        var reader = new KafkaReader(frame);
        header = RequestHeader.Read(ref reader);
        var api = ApiTable.Find(header.ApiKey) ?? throw new ProtocolViolationException("this API is not served");
        if (!api.Serves(header.Version))
        {
            if (api.Key != ApiKey.ApiVersions)
                throw new ProtocolViolationException($"only versions {api.MinVersion} to {api.MaxVersion} are served");
            AnswerUnsupportedApiVersions(api, header, response);
            return null;
        }

        var flexible = header.Version >= api.FirstFlexible;
        var clientId = RequestHeader.ReadClientId(ref reader, flexible);
        // Told before it is asked: whoever is cut off in between finds the connection by it.
        connection.ClientId = clientId;
        logger.RequestReceived(header.ApiKey, header.Version, header.CorrelationId, clientId, connection.Peer);
        WriteHeader(response, header, flexible);
        return new()
        {
            Broker = broker,
            Connection = connection,
            Version = header.Version,
            Flexible = flexible,
            ClientId = clientId,
            Body = frame[^reader.Remaining..],
            Response = response,
            CloseConnection = cutOff.Include(clientId),
        };
    }

    /// <summary>KIP-511: version 0 is what every client can read, and it says what to come back with.</summary>
    static void AnswerUnsupportedApiVersions(Api api, RequestHeader header, KafkaWriter response)
    {
        WriteHeader(response, header, flexible: false);
        var range = new ApiVersionsResponse.Range(api.Key, api.MinVersion, api.MaxVersion);
        new ApiVersionsResponse(ErrorCode.UnsupportedVersion, [range]).Write(response, version: 0);
        Seal(response);
    }

    static void WriteHeader(KafkaWriter response, RequestHeader header, bool flexible)
    {
        response.ReserveInt32(); // size of the frame
        response.WriteInt32(header.CorrelationId);
        response.WriteNoTaggedFields(flexible && header.ApiKey != ApiKey.ApiVersions);
    }

    static RequestOutcome Finish(RequestContext context)
    {
        if (context.CloseConnection) return RequestOutcome.Close;
        if (context.SuppressResponse) return RequestOutcome.NoAnswer;
        Seal(context.Response);
        return RequestOutcome.Answered;
    }

    static void Seal(KafkaWriter response) => response.PatchInt32(0, response.Length - sizeof(int));
}
