namespace Millrace.Kafka.Broker.Tests.Log;

/// <summary>
/// A directory of a <see cref="MemoryFileSystem"/>: what it holds, and what it held when it was last synced. An entry is a
/// <see cref="MemoryFile"/> or a directory, the same object under its old name in one of the two and under its new one in the other.
/// </summary>
/// <remarks>Guarded by the disk's lock.</remarks>
sealed class MemoryDirectory
{
    public SortedDictionary<string, object> Entries { get; private set; } = new(StringComparer.Ordinal);

    SortedDictionary<string, object> Synced { get; set; } = new(StringComparer.Ordinal);

    public IEnumerable<MemoryFile> Files =>
        Entries.Values.SelectMany(entry => entry is MemoryDirectory directory ? directory.Files : [(MemoryFile)entry]);

    public void Sync() => Synced = new(Entries, StringComparer.Ordinal);

    public void SyncAll()
    {
        Sync();
        foreach (var directory in Entries.Values.OfType<MemoryDirectory>()) directory.SyncAll();
    }

    /// <summary>Each name that was made, renamed or deleted since the last sync falls back to what it was, or does not.</summary>
    public void LosePower(Func<bool> survives)
    {
        var left = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var name in Entries.Keys.Union(Synced.Keys).ToList())
        {
            var (now, before) = (Entries.GetValueOrDefault(name), Synced.GetValueOrDefault(name));
            if ((now == before || survives() ? now : before) is { } entry) left[name] = entry;
        }
        KeepRenamesWhole(left);
        Entries = left;
        Sync();
        foreach (var entry in left.Values)
        {
            if (entry is MemoryDirectory directory) directory.LosePower(survives);
            else if (!survives()) ((MemoryFile)entry).FallBackToFlushed();
        }
    }

    /// <summary>A rename is one change of the file system's journal: a loss of power takes back both halves of it or none.</summary>
    void KeepRenamesWhole(SortedDictionary<string, object> left)
    {
        foreach (var (name, entry) in Entries)
        {
            if (!Synced.ContainsValue(entry)) continue;
            var names = left.Where(each => each.Value == entry).Select(each => each.Key).ToList();
            if (names.Count == 0) left[name] = entry;
            foreach (var old in names.Where(old => old != name && names.Contains(name))) left.Remove(old);
        }
    }

    /// <param name="copies">Of what has been copied already: renamed, it is in two places.</param>
    public MemoryDirectory CopyFor(MemoryFileSystem disk, Dictionary<object, object> copies)
    {
        var copy = new MemoryDirectory();
        copies[this] = copy;
        foreach (var (name, entry) in Entries) copy.Entries[name] = Copy(entry, disk, copies);
        foreach (var (name, entry) in Synced) copy.Synced[name] = Copy(entry, disk, copies);
        return copy;
    }

    static object Copy(object entry, MemoryFileSystem disk, Dictionary<object, object> copies)
    {
        if (copies.TryGetValue(entry, out var copied)) return copied;
        return entry is MemoryDirectory directory ? directory.CopyFor(disk, copies) : copies[entry] = ((MemoryFile)entry).CopyFor(disk);
    }
}
