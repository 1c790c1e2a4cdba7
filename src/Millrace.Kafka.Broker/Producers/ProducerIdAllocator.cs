using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Log;
using Millrace.Kafka.Broker.Storage;

namespace Millrace.Kafka.Broker.Producers;

/// <summary>
/// Gives out producer ids, each once in the life of the data directory. Ids are taken from the disk in blocks, as Apache Kafka does
/// (ProducerIdManager.java): after a crash the rest of a block is never used, and no id twice. The file's layout, version 1, is a number in
/// ASCII: the exclusive end of the last block. That of a later version begins with a line <c>millrace producer ids 2</c>, or higher.
/// </summary>
/// <remarks>Thread-safe.</remarks>
sealed class ProducerIdAllocator
{
    const int Version = 1;

    /// <summary>What a layout with a version of its own begins with; the number and the end of the line follow.</summary>
    const string FileKind = "millrace producer ids ";

    /// <summary>Ids per write: ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE.</summary>
    const long BlockSize = 1000;

    readonly Lock _lock = new();
    readonly string _path;
    readonly IFileSystem _files;
    readonly ILogger _logger;
    long _next;

    /// <summary>Exclusive end of the block in hand.</summary>
    long _blockEnd;

    ProducerIdAllocator(string path, IFileSystem files, ILogger logger)
    {
        (_path, _files, _logger) = (path, files, logger);
        _next = _blockEnd = ReadBlockEnd();
    }

    /// <exception cref="InvalidDataException">The file holds no number: to begin at 0 again would give ids twice, so the broker does not
    /// start.</exception>
    /// <exception cref="LaterFormatException">A later version wrote it.</exception>
    public static ProducerIdAllocator Open(string path, IFileSystem files, ILogger logger) => new(path, files, logger);

    /// <summary>A new id; null when the disk refused to write down the next block.</summary>
    public long? TryNext()
    {
        lock (_lock)
        {
            try
            {
                if (_next == _blockEnd) TakeBlock();
                return _next++;
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                _logger.ProducerIdsFailed(e);
                return null;
            }
        }
    }

    void TakeBlock()
    {
        _files.ReplaceWhole(_path, Encoding.ASCII.GetBytes((_blockEnd + BlockSize).ToString(CultureInfo.InvariantCulture)));
        _blockEnd += BlockSize;
    }

    /// <summary>Ids below it may have been given out; 0 where none ever was.</summary>
    long ReadBlockEnd()
    {
        if (_files.ReadWhole(_path) is not { } bytes) return 0;
        var text = Encoding.ASCII.GetString(bytes).Trim();
        if (text.StartsWith(FileKind, StringComparison.Ordinal)
            && int.TryParse(text[FileKind.Length..].Split('\n')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && version > Version)
            throw new LaterFormatException(_path, version, Version);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && end <= long.MaxValue - BlockSize
            ? end
            : throw new InvalidDataException($"{_path} holds no producer id: write a number there that is higher than any it has held");
    }
}
