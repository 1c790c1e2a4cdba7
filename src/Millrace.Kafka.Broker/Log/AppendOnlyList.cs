namespace Millrace.Kafka.Broker.Log;

/// <summary>A list that only grows: one thread adds while any number of threads read without a lock.</summary>
/// <remarks>
/// An element is stored before the count that covers it is published, and a full array is copied, never changed in place: whoever has read
/// the count finds that many elements in the array it reads afterwards.
/// </remarks>
sealed class AppendOnlyList<T> where T : struct
{
    volatile T[] _elements = [];
    volatile int _count;

    /// <summary>The elements added so far; later ones do not appear in it.</summary>
    public ReadOnlySpan<T> Elements
    {
        get
        {
            var count = _count;
            return _elements.AsSpan(0, count);
        }
    }

    /// <summary>Belongs to the one writer.</summary>
    public void Add(T element)
    {
        if (_count == _elements.Length)
        {
            var larger = new T[Math.Max(16, _elements.Length * 2)];
            _elements.CopyTo(larger, 0);
            _elements = larger;
        }
        _elements[_count] = element;
        _count++;
    }
}
