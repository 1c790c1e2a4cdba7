using Millrace.ClickHouse.Compression;

namespace Millrace.ClickHouse.Tests.Compression;

[Collection(EngineCollection.Name)]
public sealed class CompressedBlockTests(EngineFixture engine)
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(14)]
    [InlineData(60)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public async Task Blocks_that_clickhouse_wrote_pass_the_checksum_and_decode(int rows)
    {
        // A column of a wide part is a file of such blocks, compressed by the real LZ4.
        // No zeros: many of them make a sparse column, in other files.
        var table = $"blocks_{rows}";
        await engine.Ask($"CREATE TABLE {table} (n UInt64) ENGINE = MergeTree ORDER BY tuple() SETTINGS min_bytes_for_wide_part = 0");
        await engine.Ask($"INSERT INTO {table} SELECT number % 1000 + 1 FROM numbers({rows})");
        var part = await engine.Ask($"SELECT path FROM system.parts WHERE table = '{table}' AND active");

        var values = Decode(await File.ReadAllBytesAsync(Path.Combine(part, "n.bin")));

        Assert.Equal(Enumerable.Range(0, rows).Select(n => ((ulong)n % 1000) + 1), values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(269)]
    [InlineData(270)]
    [InlineData(271)]
    [InlineData(100_000)]
    public void A_block_decodes_to_what_was_encoded(int length)
    {
        var data = Data(length);
        var encoded = Encode(data);

        Assert.Equal(encoded.Length, CompressedBlock.ChecksumSize + CompressedBlock.ReadSize(encoded));
        Assert.Equal(data, CompressedBlock.Decode(encoded));
    }

    [Fact]
    public void Any_flipped_bit_and_any_cut_is_noticed()
    {
        var encoded = Encode(Data(40));
        for (var i = 0; i < encoded.Length; i++)
        {
            var damaged = (byte[])encoded.Clone();
            damaged[i] ^= 4;
            Assert.Throws<InvalidDataException>(() => CompressedBlock.Decode(damaged));
            if (i < CompressedBlock.ChecksumSize + CompressedBlock.HeaderSize) continue;
            Assert.Throws<InvalidDataException>(() => CompressedBlock.Decode(encoded.AsSpan(0, i)));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x10 })]
    [InlineData(new byte[] { 0xF0, 0xFF })]
    [InlineData(new byte[] { 0x10, 1, 0 })]
    [InlineData(new byte[] { 0x10, 1, 0, 0 })]
    [InlineData(new byte[] { 0x10, 1, 2, 0 })]
    [InlineData(new byte[] { 0x1F, 1, 1, 0, 255, 255, 255, 0 })]
    public void Lz4_that_reaches_out_of_its_bounds_is_refused(byte[] block) =>
        Assert.Throws<InvalidDataException>(() => CompressedBlock.UnpackLz4(block, new byte[8]));

    [Fact]
    public void Lz4_that_claims_more_than_any_block_may_hold_is_refused()
    {
        const int BytesOf255ThatPass2GiB = (int.MaxValue / 255) + 1;
        byte[] block = [0xF0, .. Enumerable.Repeat((byte)255, BytesOf255ThatPass2GiB), 0];

        Assert.Throws<InvalidDataException>(() => CompressedBlock.UnpackLz4(block, new byte[8]));
    }

    [Fact]
    public void A_compressed_block_is_smaller_than_what_it_holds()
    {
        var lines = Enumerable.Range(0, 10_000).Select(n => $"2026-11-26 12:00:{n % 60:00},page_{n % 7}\n");
        var text = System.Text.Encoding.ASCII.GetBytes(string.Concat(lines));

        Assert.InRange(Encode(text).Length, 1, text.Length / 4);
    }

    static byte[] Data(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    static byte[] Encode(byte[] data)
    {
        var target = new byte[CompressedBlock.MaxEncoded(data.Length)];
        return target[..CompressedBlock.Encode(data, target)];
    }

    static List<ulong> Decode(byte[] file)
    {
        var values = new List<ulong>();
        for (var at = 0; at < file.Length;)
        {
            var size = CompressedBlock.ChecksumSize + CompressedBlock.ReadSize(file.AsSpan(at));
            var block = CompressedBlock.Decode(file.AsSpan(at, size));
            for (var i = 0; i < block.Length; i += sizeof(ulong)) values.Add(BitConverter.ToUInt64(block, i));
            at += size;
        }
        return values;
    }
}
