namespace Millrace.Cli.Basics;

/// <summary>
/// Lines on their way to somebody who may read slowly or not at all, or to a disk that hangs: adding one never waits. A thread of its own
/// writes them, and does not keep the process from ending. A full queue loses its oldest lines. Any thread may call.
/// </summary>
sealed class LineQueue
{
    /// <summary>In lines: minutes of an ordinary service, and with lines of 200 characters less than 2 MB.</summary>
    const int DefaultCapacity = 4096;

    readonly Queue<string> _lines = new(); // also the lock; held for memory only, never while a line is written
    readonly Action<string> _write;
    readonly int _capacity;
    long _lost;
    bool _isWriting;
    bool _isClosed;

    /// <param name="name">Of its thread, for debuggers.</param>
    /// <param name="write">Writes one line, called by one thread at a time; an <see cref="IOException"/> of it costs that line.</param>
    public LineQueue(string name, Action<string> write, int capacity = DefaultCapacity)
    {
        (_write, _capacity) = (write, capacity);
        new Thread(WriteAll) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>After <see cref="CloseWithin"/> it does nothing.</summary>
    public void Add(string line)
    {
        lock (_lines)
        {
            if (_isClosed) return;
            if (_lines.Count == _capacity)
            {
                _lines.Dequeue();
                _lost++;
            }
            _lines.Enqueue(line);
            Monitor.PulseAll(_lines);
        }
    }

    /// <summary>Waits until everything is written.</summary>
    /// <returns>false when it was not after <paramref name="limit"/>.</returns>
    public bool DrainWithin(TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        lock (_lines)
        {
            while (_lines.Count > 0 || _isWriting)
                if (deadline - Environment.TickCount64 is not (> 0 and var rest) || !Monitor.Wait(_lines, (int)rest)) return false;
            return true;
        }
    }

    /// <summary>Takes no more lines, and waits until everything is written.</summary>
    /// <returns>false when it was not after <paramref name="limit"/>: its thread is stuck and left behind.</returns>
    public bool CloseWithin(TimeSpan limit)
    {
        lock (_lines)
        {
            _isClosed = true;
            Monitor.PulseAll(_lines);
        }
        return DrainWithin(limit);
    }

    void WriteAll()
    {
        while (Take() is var (line, lost) && line is not null)
        {
            if (lost > 0) TryWrite($"{lost} lines are left out here: they came faster than anybody took them");
            TryWrite(line);
        }
    }

    /// <returns>The next line and how many were lost before it; no line when the queue is closed and empty.</returns>
    (string? Line, long Lost) Take()
    {
        lock (_lines)
        {
            _isWriting = false;
            Monitor.PulseAll(_lines);
            while (_lines.Count == 0)
            {
                if (_isClosed) return (null, 0);
                Monitor.Wait(_lines);
            }
            _isWriting = true;
            var lost = _lost;
            _lost = 0;
            return (_lines.Dequeue(), lost);
        }
    }

    void TryWrite(string line)
    {
        try { _write(line); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The reader is gone, or the disk is full.
        }
    }
}
