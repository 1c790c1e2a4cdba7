using Confluent.Kafka;

namespace Millrace.Streams.Kafka;

/// <summary>
/// The last thing librdkafka said about why it gets nowhere. A request only ever times out; what it was that failed, a password or a
/// certificate, comes through the client's error handler. Safe from any thread.
/// </summary>
sealed class ClientTrouble
{
    volatile Error? _last;

    /// <summary>Waiting longer can't help: Kafka answered, and said no.</summary>
    public bool IsLasting => _last?.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.SaslAuthenticationFailed;

    public void Note(Error error)
    {
        // "All brokers are down" follows every other error and explains none.
        if (error.Code != ErrorCode.Local_AllBrokersDown) _last = error;
    }

    public KafkaUnavailableException ToException(string bootstrap, TimeSpan limit, Exception? cause = null) => _last switch
    {
        { Code: ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed } error =>
            KafkaUnavailableException.NotLetIn(bootstrap, error.Reason, cause),
        { Code: ErrorCode.Local_Ssl } error => KafkaUnavailableException.NoTls(bootstrap, error.Reason, cause),
        _ => KafkaUnavailableException.NoAnswer(bootstrap, limit, cause),
    };
}
