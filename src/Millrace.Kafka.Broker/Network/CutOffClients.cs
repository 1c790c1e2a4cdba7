namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// Clients that a drill keeps from the broker for a while, as though the network between them were gone. It ends by itself, so a drill that
/// is killed leaves nothing behind. Any thread may call.
/// </summary>
sealed class CutOffClients(TimeProvider clock)
{
    volatile Cut? _cut;

    /// <param name="prefix">How the client.id of each begins.</param>
    /// <param name="length">From now on; what was cut off before is not any more. Zero: nobody is.</param>
    public void Begin(string prefix, TimeSpan length) => _cut = new(prefix, clock.GetTimestamp(), length);

    /// <summary>Asked of every request, most often while nobody is cut off.</summary>
    public bool Include(string clientId) =>
        _cut is { } cut && clientId.StartsWith(cut.Prefix, StringComparison.Ordinal) && clock.GetElapsedTime(cut.Began) < cut.Length;

    sealed record Cut(string Prefix, long Began, TimeSpan Length);
}
