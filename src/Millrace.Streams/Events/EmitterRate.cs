namespace Millrace.Streams.Events;

/// <summary>How fast an emitter is to go, which may change while it runs. Any thread may read and change it.</summary>
/// <param name="perSecond">Events of all streams together; 0: as many as Kafka takes.</param>
public sealed class EmitterRate(int perSecond)
{
    volatile int _perSecond = perSecond;

    public int PerSecond { get => _perSecond; set => _perSecond = value; }
}
