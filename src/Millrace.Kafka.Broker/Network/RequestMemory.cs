namespace Millrace.Kafka.Broker.Network;

/// <summary>
/// queued.max.request.bytes (KIP-72): what the large requests of all connections hold together. A request is let in while anything is
/// left, so that one larger than the limit is served too; until then its bytes wait in the socket.
/// </summary>
/// <remarks>
/// Thread-safe. A request takes its memory in two steps: a part on the word of its size, the rest when that part has come. So nobody keeps
/// others out by a few bytes that claim to be large. Of those that wait for the rest one goes on in any case: all may hold a first part.
/// </remarks>
sealed class RequestMemory(long limit)
{
    readonly Lock _lock = new();
    readonly LinkedList<Waiter> _first = [];
    readonly LinkedList<Waiter> _rest = [];
    long _left = limit;

    /// <summary>Requests that hold more than their first part.</summary>
    int _whole;

    /// <summary>The first part of a request; the memory is had when the task ends.</summary>
    public Task TakeAsync(long bytes, CancellationToken cancellation) => EnterAsync(_first, bytes, cancellation);

    /// <summary>What a request wants beyond its first part.</summary>
    public Task TakeRestAsync(long bytes, CancellationToken cancellation) => EnterAsync(_rest, bytes, cancellation);

    /// <param name="bytes">All that the request has taken.</param>
    /// <param name="whole">Whether it has taken the rest too.</param>
    public void GiveBack(long bytes, bool whole)
    {
        lock (_lock)
        {
            _left += bytes;
            if (whole) _whole--;
            LetIn();
        }
    }

    async Task EnterAsync(LinkedList<Waiter> line, long bytes, CancellationToken cancellation)
    {
        var waiter = new Waiter(bytes);
        lock (_lock)
        {
            line.AddLast(waiter);
            LetIn();
        }
        if (waiter.IsIn) return;
        await using var registration = cancellation.UnsafeRegister(_ => GiveUp(line, waiter), null);
        await waiter.Task;
    }

    void LetIn()
    {
        while (_rest.First is { } next && (_left > 0 || _whole == 0))
        {
            _whole++;
            Admit(_rest, next);
        }
        while (_first.First is { } next && _left > 0) Admit(_first, next);
    }

    void Admit(LinkedList<Waiter> line, LinkedListNode<Waiter> next)
    {
        line.Remove(next);
        _left -= next.Value.Bytes;
        next.Value.LetIn();
    }

    void GiveUp(LinkedList<Waiter> line, Waiter waiter)
    {
        lock (_lock)
        {
            if (line.Remove(waiter)) waiter.TurnAway();
        }
    }

    sealed class Waiter(long bytes)
    {
        readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Bytes => bytes;

        public bool IsIn => _source.Task.IsCompletedSuccessfully;

        public Task Task => _source.Task;

        public void LetIn() => _source.SetResult();

        public void TurnAway() => _source.SetCanceled();
    }
}
