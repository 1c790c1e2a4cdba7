using System.Buffers.Binary;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;
using Millrace.Testing;

namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// The error of each kind of unsound batch, as Apache Kafka 4.3.1 answered it on the wire unless the test says otherwise.
/// </summary>
public sealed class RecordBatchValidatorTests
{
    const long Now = 1_767_225_600_000;

    static readonly LogOptions Options = new LogFixture().Options;

    static byte[] Sound => LogFixture.Batch(Now, "a", "b");

    public static TheoryData<string> Goldens => [.. GoldenBatches.All.Keys];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Batches_of_real_clients_are_sound(string name)
    {
        var batch = GoldenBatches.All[name];
        Assert.Null(RecordBatchValidator.Check(batch, Options, zstdAllowed: true, RecordBatchHeader.Read(batch).MaxTimestamp, out var header));
        Assert.Equal(GoldenBatches.RecordsEach, header.RecordsCount);
    }

    [Fact]
    public void Anything_but_one_whole_batch_is_an_invalid_record()
    {
        Assert.Equal(ErrorCode.InvalidRecord, Check([]));
        Assert.Equal(ErrorCode.InvalidRecord, Check([.. Sound, .. Sound]));
        for (var length = 0; length < Sound.Length; length++) Assert.Equal(ErrorCode.InvalidRecord, Check(Sound[..length]));
    }

    [Fact]
    public void Part_of_a_second_batch_is_ignored()
    {
        for (var length = 0; length < Sound.Length; length++) Assert.Equal(ErrorCode.None, Check([.. Sound, .. Sound[..length]]));
    }

    [Fact]
    public void A_flipped_bit_anywhere_after_the_crc_is_a_corrupt_message()
    {
        for (var i = RecordBatchHeader.CrcAt; i < Sound.Length; i++)
        {
            var flipped = Sound;
            flipped[i] ^= 1;
            // Bit 0 of the attributes is the codec, which is looked at first: gzip is fine, and then the CRC is not.
            Assert.Equal(ErrorCode.CorruptMessage, Check(flipped));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(20)]
    public void A_length_shorter_than_the_header_is_a_corrupt_message(int length)
    {
        var batch = Sound;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.LengthAt), length);
        Assert.Equal(ErrorCode.CorruptMessage, Check(batch));
    }

    /// <summary>Apache Kafka runs into an overflow here and answers UNKNOWN_SERVER_ERROR.</summary>
    [Fact]
    public void A_length_of_two_gigabytes_is_an_invalid_record()
    {
        var batch = Sound;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.LengthAt), int.MaxValue);
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch));
    }

    [Theory]
    [InlineData(0, ErrorCode.InvalidRecord)]
    [InlineData(1, ErrorCode.InvalidRecord)]
    [InlineData(3, ErrorCode.CorruptMessage)]
    public void Other_record_formats_are_refused(byte magic, ErrorCode expected) =>
        Assert.Equal(expected, Check(With(header => header with { Magic = magic })));

    [Fact]
    public void Zstd_is_refused_in_versions_that_do_not_know_it()
    {
        var zstd = GoldenBatches.All["Java zstd"];
        var refusal = RecordBatchValidator.Check(zstd, Options, zstdAllowed: false, long.MaxValue / 2, out _);
        Assert.Equal(ErrorCode.UnsupportedCompressionType, refusal?.Error);
    }

    /// <summary>Apache Kafka answers UNKNOWN_SERVER_ERROR, because its CompressionType.forId throws.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void An_unknown_codec_is_an_unsupported_compression_type(short codec) =>
        Assert.Equal(ErrorCode.UnsupportedCompressionType, Check(With(header => header with { Attributes = (RecordBatchAttributes)codec })));

    [Theory]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public void Records_that_are_not_what_the_codec_says_are_a_corrupt_message(CompressionCodec codec) =>
        Assert.Equal(ErrorCode.CorruptMessage, Check(With(header => header with { Attributes = (RecordBatchAttributes)codec })));

    [Fact]
    public void A_batch_over_max_message_bytes_is_too_large_even_when_it_is_corrupt()
    {
        var corrupt = Sound;
        corrupt[^1] ^= 1;
        Assert.Equal(ErrorCode.MessageTooLarge, Check(corrupt, Options with { MaxBatchBytes = corrupt.Length - 1 }));
        Assert.Equal(ErrorCode.None, Check(Sound, Options with { MaxBatchBytes = corrupt.Length }));
    }

    [Fact]
    public void A_batch_over_the_size_of_a_segment_is_too_large_a_list() =>
        Assert.Equal(ErrorCode.RecordListTooLarge, Check(Sound, Options with { SegmentBytes = Sound.Length - 1 }));

    [Fact]
    public void Headers_that_contradict_themselves_are_invalid_records()
    {
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { BaseOffset = 1 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { RecordsCount = 3 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { RecordsCount = 3, LastOffsetDelta = 2 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { RecordsCount = 1, LastOffsetDelta = 0 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { RecordsCount = 0, LastOffsetDelta = -1 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { RecordsCount = int.MinValue, LastOffsetDelta = int.MaxValue })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { Attributes = RecordBatchAttributes.Control })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(With(header => header with { ProducerId = 1, ProducerEpoch = 0, BaseSequence = -1 })));
    }

    [Fact]
    public void A_transactional_batch_is_refused_as_one_without_a_transactional_id() =>
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, Check(With(header => header with { Attributes = RecordBatchAttributes.Transactional })));

    [Fact]
    public void Times_too_far_ahead_and_a_timestamp_type_set_by_the_producer_are_invalid_timestamps()
    {
        var hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;
        Assert.Equal(ErrorCode.None, Check(LogFixture.Batch(Now + hour, "a")));
        Assert.Equal(ErrorCode.InvalidTimestamp, Check(LogFixture.Batch(Now + hour + 1, "a")));
        Assert.Equal(ErrorCode.None, Check(LogFixture.Batch(Now + hour + 1, "a"), Options with { LogAppendTime = true }));
        Assert.Equal(ErrorCode.InvalidTimestamp, Check(With(header => header with { Attributes = RecordBatchAttributes.LogAppendTime })));
    }

    static ErrorCode Check(byte[] records, LogOptions? options = null) =>
        RecordBatchValidator.Check(records, options ?? Options, zstdAllowed: true, Now, out _)?.Error ?? ErrorCode.None;

    /// <summary>A sound batch with another header, and a CRC that agrees.</summary>
    static byte[] With(Func<RecordBatchHeader, RecordBatchHeader> change)
    {
        var batch = Sound;
        var header = change(RecordBatchHeader.Read(batch));
        header.Write(batch);
        (header with { Crc = RecordBatchHeader.ComputeCrc(batch, batch.AsSpan(RecordBatchHeader.Size)) }).Write(batch);
        return batch;
    }
}
