using Microsoft.Extensions.Logging;

namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// max.connections: who comes when all slots are taken waits, accepted but not served, until another connection ends (Apache Kafka,
/// SocketServer.scala: ConnectionQuotas.waitForConnectionSlot).
/// </summary>
/// <remarks>Thread-safe.</remarks>
sealed class ConnectionSlots(int count, TimeProvider clock, ILogger logger)
{
    /// <summary>At its limit the broker goes back and forth between full and not quite.</summary>
    static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim _free = new(count);
    long? _told; // a timestamp of the clock

    /// <summary>Waits for a slot; each wants one <see cref="Leave"/>.</summary>
    public Task EnterAsync(CancellationToken stopping)
    {
        if (_free.Wait(0, CancellationToken.None)) return Task.CompletedTask;
        if (_told is not { } told || clock.GetElapsedTime(told) > TellAgainAfter)
        {
            logger.NoRoomForConnections($"there are {count} of them, as many as max.connections allows");
            _told = clock.GetTimestamp();
        }
        return _free.WaitAsync(stopping);
    }

    public void Leave() => _free.Release();
}
