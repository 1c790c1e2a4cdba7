namespace Millrace.Kafka.Broker.Groups;

/// <summary>What <see cref="GroupJournal.Open"/> set aside; default where nothing was.</summary>
/// <param name="Position">Where the first broken frame began, in bytes.</param>
/// <param name="Bytes">From there to the end of the file.</param>
/// <param name="Damaged">Whole frames were among them: no write of a broker that died.</param>
/// <param name="Aside">Where the bytes are now; null where the disk did not take a copy, and they are still in the journal.</param>
readonly record struct JournalCut(long Position, long Bytes, bool Damaged, string? Aside);
