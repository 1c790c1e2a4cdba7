namespace Millrace.Streams.Definition;

/// <summary>Finds the definitions that somebody names one by one, or by a pattern of the shell that takes samples along.</summary>
static class DefinitionPlaces
{
    /// <param name="places">Paths of definitions, and of folders of them.</param>
    /// <returns>Each once, in the order in which they are named; never none.</returns>
    /// <exception cref="StreamDefinitionException">One is not there, or there are samples of none of them.</exception>
    public static IReadOnlyList<string> Files(IEnumerable<string> places)
    {
        var named = places.ToList();
        var files = named.SelectMany(DefinitionsAt).DistinctBy(Path.GetFullPath).ToList();
        var samples = named.Where(StreamFolder.IsSamples).Concat(named.Where(Directory.Exists).SelectMany(SamplesIn));
        var owned = files.SelectMany(StreamFolder.SamplesOf).Select(Path.GetFullPath).ToHashSet();
        if (samples.FirstOrDefault(file => !owned.Contains(Path.GetFullPath(file))) is { } lost)
        {
            var name = Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(lost));
            throw new StreamDefinitionException(
                $"{lost} holds the samples of {name}.yaml, which is not among the definitions; name that, too");
        }
        return files;
    }

    static IReadOnlyList<string> DefinitionsAt(string place)
    {
        if (Directory.Exists(place)) return StreamFolder.Files(place);
        if (!File.Exists(place)) throw new StreamDefinitionException($"there is no file or folder {place}");
        return StreamFolder.IsSamples(place) ? [] : [place];
    }

    static IEnumerable<string> SamplesIn(string folder) => Directory.GetFiles(folder).Where(StreamFolder.IsSamples);
}
