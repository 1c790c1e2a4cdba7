using System.Buffers.Binary;
using System.Numerics;

namespace Millrace.ClickHouse.Compression;

/// <summary>
/// CityHash128 as of version 1.0.2, with which ClickHouse guards compressed blocks; later versions differ.
/// https://github.com/ClickHouse/ClickHouse/tree/master/contrib/cityhash102
/// </summary>
static class CityHash128
{
    const ulong K0 = 0xc3a5c85c97cb3127;
    const ulong K1 = 0xb492b66fbe98f273;
    const ulong K2 = 0x9ae16a3b2f90404f;
    const ulong K3 = 0xc949d7c7509e6557;
    const ulong Mul = 0x9ddfea08eb382d69;

    /// <returns>The halves in the order in which a block carries them.</returns>
    public static (ulong Low, ulong High) Hash(ReadOnlySpan<byte> s) => s.Length switch
    {
        >= 16 => Seeded(s[16..], U64(s) ^ K3, U64(s[8..])),
        >= 8 => Seeded([], U64(s) ^ ((ulong)s.Length * K0), U64(s[^8..]) ^ K1),
        _ => Seeded(s, K0, K1),
    };

    static (ulong, ulong) Seeded(ReadOnlySpan<byte> s, ulong low, ulong high) => s.Length < 128 ? Murmur(s, low, high) : Long(s, low, high);

    static (ulong, ulong) Murmur(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        ulong c, d;
        if (s.Length <= 16)
        {
            a = ShiftMix(a * K1) * K1;
            c = (b * K1) + UpTo16(s);
            d = ShiftMix(a + (s.Length >= 8 ? U64(s) : c));
        }
        else
        {
            c = Mix(U64(s[^8..]) + K1, a);
            d = Mix(b + (ulong)s.Length, c + U64(s[^16..]));
            a += d;
            for (var at = 0; at < s.Length - 16; at += 16)
            {
                a = (a ^ (ShiftMix(U64(s[at..]) * K1) * K1)) * K1;
                b ^= a;
                c = (c ^ (ShiftMix(U64(s[(at + 8)..]) * K1) * K1)) * K1;
                d ^= c;
            }
        }
        a = Mix(a, c);
        b = Mix(d, b);
        return (a ^ b, Mix(b, a));
    }

    static (ulong, ulong) Long(ReadOnlySpan<byte> s, ulong x, ulong y)
    {
        var z = (ulong)s.Length * K1;
        var v0 = (BitOperations.RotateRight(y ^ K1, 49) * K1) + U64(s);
        var v1 = (BitOperations.RotateRight(v0, 42) * K1) + U64(s[8..]);
        var w0 = (BitOperations.RotateRight(y + z, 35) * K1) + x;
        var w1 = BitOperations.RotateRight(x + U64(s[88..]), 53) * K1;
        for (; s.Length >= 128; s = s[128..])
        {
            Round(s, ref x, ref y, ref z, ref v0, ref v1, ref w0, ref w1);
            Round(s[64..], ref x, ref y, ref z, ref v0, ref v1, ref w0, ref w1);
            if (s.Length - 128 < 128) return Tail(s, x, y, z, v0, v1, w0, w1);
        }
        throw new InvalidOperationException("only for 128 bytes or more");
    }

    static void Round(ReadOnlySpan<byte> s, ref ulong x, ref ulong y, ref ulong z, ref ulong v0, ref ulong v1, ref ulong w0, ref ulong w1)
    {
        x = BitOperations.RotateRight(x + y + v0 + U64(s[16..]), 37) * K1;
        y = BitOperations.RotateRight(y + v1 + U64(s[48..]), 42) * K1;
        x ^= w1;
        y ^= v0;
        z = BitOperations.RotateRight(z ^ w0, 33);
        (v0, v1) = Weak32(s, v1 * K1, x + w0);
        (w0, w1) = Weak32(s[32..], z + w1, y);
        (z, x) = (x, z);
    }

    // Up to four chunks of 32 bytes from the end; the last of them may reach back into the 128 bytes already hashed.
    static (ulong, ulong) Tail(ReadOnlySpan<byte> last, ulong x, ulong y, ulong z, ulong v0, ulong v1, ulong w0, ulong w1)
    {
        y += (BitOperations.RotateRight(w0, 37) * K0) + z;
        x += BitOperations.RotateRight(v0 + z, 49) * K0;
        var remaining = last.Length - 128;
        for (var done = 0; done < remaining;)
        {
            done += 32;
            var chunk = last[(last.Length - done)..];
            y = (BitOperations.RotateRight(y - x, 42) * K0) + v1;
            w0 += U64(chunk[16..]);
            x = (BitOperations.RotateRight(x, 49) * K0) + w0;
            w0 += v0;
            (v0, v1) = Weak32(chunk, v0, v1);
        }
        x = Mix(x, v0);
        y = Mix(y, w0);
        return (Mix(x + v1, w1) + y, Mix(x + w1, y + v1));
    }

    static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        var length = (ulong)s.Length;
        if (s.Length > 8) return Mix(U64(s), BitOperations.RotateRight(U64(s[^8..]) + length, s.Length)) ^ U64(s[^8..]);
        if (s.Length >= 4) return Mix(length + ((ulong)U32(s) << 3), U32(s[^4..]));
        if (s.Length == 0) return K2;
        var y = s[0] + ((uint)s[s.Length >> 1] << 8);
        var z = (uint)s.Length + ((uint)s[^1] << 2);
        return ShiftMix((y * K2) ^ (z * K3)) * K2;
    }

    static (ulong, ulong) Weak32(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        a += U64(s);
        b = BitOperations.RotateRight(b + a + U64(s[24..]), 21);
        var c = a;
        a += U64(s[8..]) + U64(s[16..]);
        b += BitOperations.RotateRight(a, 44);
        return (a + U64(s[24..]), b + c);
    }

    static ulong Mix(ulong low, ulong high)
    {
        var a = ShiftMix((low ^ high) * Mul);
        return ShiftMix((high ^ a) * Mul) * Mul;
    }

    static ulong ShiftMix(ulong value) => value ^ (value >> 47);

    static ulong U64(ReadOnlySpan<byte> s) => BinaryPrimitives.ReadUInt64LittleEndian(s);

    static uint U32(ReadOnlySpan<byte> s) => BinaryPrimitives.ReadUInt32LittleEndian(s);
}
