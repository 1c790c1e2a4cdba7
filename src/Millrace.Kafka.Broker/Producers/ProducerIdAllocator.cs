using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Kafka.Broker.Log;

namespace Millrace.Kafka.Broker.Producers;

/// <summary>
/// Gives out producer ids, each once in the life of the data directory. Ids are taken from the disk in blocks, as Apache Kafka does
/// (ProducerIdManager.java): after a crash the rest of a block is never used, and no id twice.
/// </summary>
/// <remarks>Thread-safe.</remarks>
sealed class ProducerIdAllocator(string path, IFileSystem files, ILogger logger)
{
    /// <summary>Ids per write: ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE.</summary>
    const long BlockSize = 1000;

    readonly Lock _lock = new();
    long _next;

    /// <summary>Exclusive end of the block in hand.</summary>
    long _blockEnd;

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
                logger.ProducerIdsFailed(e);
                return null;
            }
        }
    }

    void TakeBlock()
    {
        var start = files.ReadWhole(path) is { } bytes ? long.Parse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture) : 0;
        files.ReplaceWhole(path, Encoding.ASCII.GetBytes((start + BlockSize).ToString(CultureInfo.InvariantCulture)));
        _next = start;
        _blockEnd = start + BlockSize;
    }
}
