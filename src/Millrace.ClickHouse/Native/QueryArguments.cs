using System.Runtime.InteropServices;
using System.Text;

namespace Millrace.ClickHouse.Native;

/// <summary>
/// Query parameters in the shape the C API wants: four parallel arrays in one piece of unmanaged memory, freed by <see cref="Dispose"/>.
/// </summary>
readonly unsafe ref struct QueryArguments
{
    readonly void* _memory;

    public QueryArguments(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        Count = (nuint)parameters.Count;
        if (parameters.Count == 0) return;
        var textBytes = parameters.Sum(p => Encoding.UTF8.GetByteCount(p.Key) + Encoding.UTF8.GetByteCount(p.Value));
        _memory = NativeMemory.Alloc((nuint)((4 * sizeof(nint) * parameters.Count) + textBytes));
        Names = (byte**)_memory;
        Values = Names + Count;
        NameLengths = (nuint*)(Values + Count);
        ValueLengths = NameLengths + Count;
        var text = (byte*)(ValueLengths + Count);
        for (var i = 0; i < parameters.Count; i++)
        {
            Put(parameters[i].Key, Names + i, NameLengths + i, ref text);
            Put(parameters[i].Value, Values + i, ValueLengths + i, ref text);
        }
    }

    public nuint Count { get; }

    public byte** Names { get; }

    public byte** Values { get; }

    public nuint* NameLengths { get; }

    public nuint* ValueLengths { get; }

    public void Dispose() => NativeMemory.Free(_memory);

    static void Put(string value, byte** pointer, nuint* length, ref byte* text)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        *pointer = text;
        *length = (nuint)Encoding.UTF8.GetBytes(value, new Span<byte>(text, count));
        text += count;
    }
}
