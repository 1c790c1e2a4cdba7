namespace Millrace.Kafka.Broker.Groups;

/// <summary>What <see cref="GroupJournal.Open"/> cut off; default where nothing was.</summary>
/// <param name="Position">Where the first broken frame began, in bytes.</param>
/// <param name="Bytes">From there to the end of the file.</param>
/// <param name="Damaged">Whole frames were among them: no write of a broker that died. The file was copied before.</param>
readonly record struct JournalCut(long Position, long Bytes, bool Damaged);
