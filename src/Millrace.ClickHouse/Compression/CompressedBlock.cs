using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Millrace.ClickHouse.Compression;

/// <summary>
/// ClickHouse's compressed block, of compress=1, of the native protocol and of .bin files alike
/// (src/Compression/CompressedReadBufferBase.cpp). Integers are little-endian:
/// <code>
///   0  checksum            16   CityHash128 of everything after it
///  16  method               1   0x82 LZ4, 0x02 none
///  17  compressed size      4   with these 9 bytes, without the checksum
///  21  uncompressed size    4
///  25  data
/// </code>
/// </summary>
static class CompressedBlock
{
    public const int ChecksumSize = 16;
    public const int HeaderSize = 9;

    /// <summary>DBMS_MAX_COMPRESSED_SIZE of ClickHouse: a larger size is garbage.</summary>
    const int MaxSize = 0x40000000;

    const byte Lz4 = 0x82;
    const byte None = 0x02;

    /// <summary>No byte of LZ4's block format stands for more bytes than this: a length grows by 255 with each.</summary>
    const long MaxRatio = 255;

    public static int MaxEncoded(int length) => ChecksumSize + HeaderSize + LZ4Codec.MaximumOutputSize(length);

    /// <returns>The bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> data, Span<byte> target)
    {
        var block = target[ChecksumSize..];
        var size = HeaderSize + LZ4Codec.Encode(data, block[HeaderSize..], LZ4Level.L00_FAST);
        block[0] = Lz4;
        BinaryPrimitives.WriteInt32LittleEndian(block[1..], size);
        BinaryPrimitives.WriteInt32LittleEndian(block[5..], data.Length);
        var (low, high) = CityHash128.Hash(block[..size]);
        BinaryPrimitives.WriteUInt64LittleEndian(target, low);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], high);
        return ChecksumSize + size;
    }

    /// <summary>The compressed size from the first <see cref="ChecksumSize"/> + <see cref="HeaderSize"/> bytes, header included.</summary>
    /// <exception cref="InvalidDataException">No block begins here.</exception>
    public static int ReadSize(ReadOnlySpan<byte> start)
    {
        var size = BinaryPrimitives.ReadInt32LittleEndian(start[(ChecksumSize + 1)..]);
        return size is >= HeaderSize and <= MaxSize ? size : throw new InvalidDataException("No compressed block begins here.");
    }

    /// <param name="encoded">One whole block, checksum included.</param>
    /// <exception cref="InvalidDataException">The checksum or the data is wrong, or the method is neither LZ4 nor none.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> encoded)
    {
        var block = encoded[ChecksumSize..];
        var (low, high) = CityHash128.Hash(block);
        if (BinaryPrimitives.ReadUInt64LittleEndian(encoded) != low || BinaryPrimitives.ReadUInt64LittleEndian(encoded[8..]) != high)
            throw new InvalidDataException("Checksum doesn't match: corrupted data.");
        var size = BinaryPrimitives.ReadInt32LittleEndian(block[5..]);
        if (size is < 0 or > MaxSize) throw new InvalidDataException("The compressed block claims an impossible size.");
        return Unpack(block[0], block[HeaderSize..], size);
    }

    static byte[] Unpack(byte method, ReadOnlySpan<byte> data, int size)
    {
        if (method == None && data.Length == size) return data.ToArray();
        if (method != Lz4) throw new InvalidDataException($"Compression method 0x{method:x2} is not supported: use LZ4.");
        if (size > data.Length * MaxRatio) throw new InvalidDataException("The compressed block claims more than LZ4 can hold.");
        var target = new byte[size];
        UnpackLz4(data, target);
        return target;
    }

    /// <exception cref="InvalidDataException">The data is damaged, or does not fill the target exactly.</exception>
    internal static void UnpackLz4(ReadOnlySpan<byte> data, Span<byte> target)
    {
        // Of nothing LZ4 makes one byte, a token for no literals.
        var isWhole = target.IsEmpty ? data is [0] or [] : LZ4Codec.Decode(data, target) == target.Length;
        if (!isWhole) throw new InvalidDataException("The LZ4 block is damaged.");
    }
}
