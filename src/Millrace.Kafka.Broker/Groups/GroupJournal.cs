using System.Buffers.Binary;
using System.Buffers.Text;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;
using Millrace.Kafka.Protocol;
using Millrace.Kafka.Protocol.Records;

namespace Millrace.Kafka.Broker.Groups;

/// <summary>
/// The file that committed offsets and groups are written to, by appending. Layout:
/// <code>
/// file   "millrace groups 1\n"   what it is, and the version of its layout
///        frame*
/// frame  int32   length of the payload, big endian, > 0
///        uint32  CRC-32C of the payload: tells a whole frame from one the broker died in
///        payload a <see cref="GroupRecord"/>
/// </code>
/// A version that changes a frame or a record, or adds a type of record, raises the number. An earlier one refuses the file before it
/// touches it (<see cref="LaterFormatException"/>), and the broker does not start; a later one reads all that came before it, and writes
/// its own number at the next rewrite. Tagged fields that are not known are passed over, and are gone after the next rewrite: only what may
/// be lost comes as one.
/// </summary>
/// <remarks>Not thread-safe; owned by <see cref="GroupStore"/>.</remarks>
sealed class GroupJournal : IDisposable
{
    const int Version = 1;

    const int FrameHeaderBytes = sizeof(int) + sizeof(uint);

    /// <summary>Below this a rewrite is not worth its fsync.</summary>
    const long SmallestRewriteBytes = 4 << 20;

    readonly IFileSystem _files;
    readonly string _path;
    readonly KafkaWriter _frame = new();
    IFile _file;
    long _rewriteAtBytes;
    bool _holdsTail;

    GroupJournal(IFileSystem files, string path)
    {
        _files = files;
        _path = path;
        files.DeleteFile(path + WholeFile.TemporarySuffix);
        _file = files.Open(path);
    }

    static ReadOnlySpan<byte> FileHeader => "millrace groups 1\n"u8;

    /// <summary>What the header of every version begins with; the number and the end of the line follow.</summary>
    static ReadOnlySpan<byte> FileKind => "millrace groups "u8;

    /// <summary>End of the last whole frame: where the next one goes. In bytes.</summary>
    public long Length { get; private set; }

    /// <summary>The file has doubled since it held nothing that is out of date.</summary>
    public bool WantsRewrite => Length >= _rewriteAtBytes;

    /// <summary>
    /// Opens the journal, gives every record before the first broken frame to <paramref name="replay"/>, and sets the rest aside.
    /// </summary>
    /// <exception cref="IOException">The disk fails, or the file is no journal; it is as it was then.</exception>
    /// <exception cref="LaterFormatException">A later version wrote it; it is as it was.</exception>
    public static GroupJournal Open(IFileSystem files, string path, Action<GroupRecord> replay, out JournalCut cut)
    {
        var bytes = DemandKnownVersion(files, path);
        var journal = new GroupJournal(files, path);
        try
        {
            cut = journal.Recover(bytes, replay);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>When this has returned the record survives the end of the process.</summary>
    /// <exception cref="IOException">
    /// Nothing was appended: the file counts as ending where it did, and the next append cuts off what was left.
    /// </exception>
    public void Append(GroupRecord record)
    {
        _frame.Clear();
        WriteFrame(record);
        if (_holdsTail) SetTailAside();
        if (_file.Length > Length) _file.SetLength(Length);
        _file.Write(_frame.Written.Span, Length);
        Length += _frame.Length;
    }

    /// <summary>Replaces the file by one with these records only. After a failure the old one is still in use.</summary>
    public void Rewrite(IEnumerable<GroupRecord> records)
    {
        _rewriteAtBytes = Length * 2; // so that a rewrite that fails is not tried at each append
        var temporary = _files.Open(_path + WholeFile.TemporarySuffix);
        try
        {
            var length = WriteAll(temporary, records);
            temporary.Flush();
            _files.RenameFile(_path + WholeFile.TemporarySuffix, _path);
            (temporary, _file) = (_file, temporary);
            Use(length);
        }
        finally
        {
            temporary.Dispose();
        }
        SyncName();
    }

    public void Flush()
    {
        _file.Flush();
        SyncName();
    }

    public void Dispose()
    {
        _file.Dispose();
        _frame.Dispose();
    }

    long WriteAll(IFile file, IEnumerable<GroupRecord> records)
    {
        file.SetLength(0);
        file.Write(FileHeader, 0);
        long length = FileHeader.Length;
        foreach (var record in records)
        {
            _frame.Clear();
            WriteFrame(record);
            file.Write(_frame.Written.Span, length);
            length += _frame.Length;
        }
        return length;
    }

    void WriteFrame(GroupRecord record)
    {
        var size = _frame.ReserveInt32();
        var crc = _frame.ReserveInt32();
        record.Write(_frame);
        var payload = _frame.Written.Span[FrameHeaderBytes..];
        _frame.PatchInt32(size, payload.Length);
        _frame.PatchInt32(crc, (int)Crc32C.Compute(payload));
    }

    /// <returns>The file's bytes; empty where it is not there.</returns>
    /// <exception cref="IOException">The disk fails, or the file is no journal.</exception>
    /// <exception cref="LaterFormatException">A later version wrote it.</exception>
    public static byte[] DemandKnownVersion(IFileSystem files, string path)
    {
        var whole = files.ReadWhole(path) ?? [];
        ReadOnlySpan<byte> bytes = whole;
        if (bytes.StartsWith(FileHeader) || FileHeader.StartsWith(bytes)) return whole;
        if (!bytes.StartsWith(FileKind) || !TryReadVersion(bytes[FileKind.Length..], out var version))
            throw new IOException($"{path} is no group journal");
        throw new LaterFormatException(path, version, Version);
    }

    /// <summary>False for what was no version yet, and for none at all.</summary>
    static bool TryReadVersion(ReadOnlySpan<byte> rest, out int version) =>
        Utf8Parser.TryParse(rest, out version, out var digits) && version > Version && rest[digits..] is [(byte)'\n', ..];

    JournalCut Recover(ReadOnlyMemory<byte> bytes, Action<GroupRecord> replay)
    {
        if (bytes.Length < FileHeader.Length)
        {
            // New, or the broker died while it made it.
            _file.Write(FileHeader, 0);
            Use(FileHeader.Length);
            return default;
        }
        var position = FileHeader.Length;
        while (TryReadFrame(bytes.Span[position..]) is { } payloadBytes)
        {
            replay(Parse(bytes.Slice(position + FrameHeaderBytes, payloadBytes)));
            position += FrameHeaderBytes + payloadBytes;
        }
        Use(position);
        if (position == bytes.Length) return default;
        _holdsTail = true;
        return new(position, bytes.Length - position, AnyFrameAfter(position, bytes.Span), TrySetTailAside());
    }

    /// <summary>
    /// Null on a full disk, which must not keep the groups from going on: the tail stays where it is, and commits are refused until it can
    /// be copied.
    /// </summary>
    string? TrySetTailAside()
    {
        try
        {
            return SetTailAside();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            return null;
        }
    }

    string SetTailAside()
    {
        var aside = _files.CopyTailAside(_file, _path, Length);
        _file.SetLength(Length);
        _holdsTail = false;
        return aside;
    }

    void SyncName() => _files.SyncDirectory(Path.GetDirectoryName(_path)!);

    /// <summary>
    /// A write that never finished is the last thing in the file: a whole frame behind a broken one tells that the disk has changed what it
    /// was given.
    /// </summary>
    static bool AnyFrameAfter(int position, ReadOnlySpan<byte> bytes)
    {
        for (var start = position + 1; start < bytes.Length; start++)
            if (TryReadFrame(bytes[start..]) is not null) return true;
        return false;
    }

    /// <summary>Length of the payload of a whole frame, null where there is none.</summary>
    static int? TryReadFrame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FrameHeaderBytes) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length <= 0 || length > bytes.Length - FrameHeaderBytes) return null;
        var crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(int)..]);
        return Crc32C.Compute(bytes.Slice(FrameHeaderBytes, length)) == crc ? length : null;
    }

    /// <summary>A whole frame that makes no sense was written by another version: better to stop than to forget what it says.</summary>
    GroupRecord Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return GroupRecord.Read(payload);
        }
        catch (ProtocolViolationException e)
        {
            throw new IOException($"{_path} holds a record that this version can't read: {e.Message}", e);
        }
    }

    void Use(long length)
    {
        Length = length;
        _rewriteAtBytes = Math.Max(SmallestRewriteBytes, length * 2);
    }
}
