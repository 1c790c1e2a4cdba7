namespace Millrace.Streams.Definition;

/// <summary>
/// Which files of a folder are definitions: those whose names end in .yaml or .yml, in any case. A definition that is not seen stops its
/// stream, so one that can't be read is refused, never skipped: a link to nowhere, a file without rights, and a folder, which container
/// engines make where a file to mount is missing. Everything else is left alone: hidden files, among them the locks and copies of editors
/// (.#clicks.yaml, .clicks.yaml.swp), backups (clicks.yaml~, clicks.yaml.bak), and samples (clicks.samples.yaml), which lie beside their
/// definition.
/// </summary>
static class StreamFolder
{
    /// <summary>Of a file of samples, after the name of its definition and before its ending.</summary>
    const string Samples = ".samples";

    static readonly string[] SampleEndings = [".yaml", ".yml", ".ndjson", ".jsonl"];

    /// <returns>Full paths by name; never none.</returns>
    /// <exception cref="StreamDefinitionException">The folder is not there, or holds no definition, or one that can't be used.</exception>
    public static IReadOnlyList<string> Files(string directory)
    {
        if (!Directory.Exists(directory)) throw Refused($"there is no folder {directory}; name the one that holds the stream definitions");
        var files = Entries(directory).Where(IsDefinition).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw Refused($"{directory} holds no stream definition; add a *.yaml file for each stream");
        if (files.Find(Directory.Exists) is { } folder)
            throw Refused($"{folder} is a folder; put the definition in its place, or give the folder another name");
        var names = files.GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase);
        if (names.FirstOrDefault(files => files.Count() > 1) is { } same)
            throw Refused($"{string.Join(" and ", same)} are two definitions of one name; keep one of them");
        return files;
    }

    /// <summary>Whether the folder is there and holds what is called like a definition.</summary>
    public static bool HasAny(string directory) => Directory.Exists(directory) && Entries(directory).Any(IsDefinition);

    /// <summary>Whether a file is called like the samples of a definition.</summary>
    public static bool IsSamples(string file) =>
        SampleEndings.Contains(Path.GetExtension(file).ToLowerInvariant())
        && Path.GetFileNameWithoutExtension(file).EndsWith(Samples, StringComparison.OrdinalIgnoreCase);

    /// <summary>The files of samples that lie beside a definition.</summary>
    public static IEnumerable<string> SamplesOf(string definition) =>
        SampleEndings.Select(ending => Path.ChangeExtension(definition, null) + Samples + ending).Where(File.Exists);

    /// <summary>Whether a file's name says that it is YAML.</summary>
    public static bool IsYaml(string file) => Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml";

    static StreamDefinitionException Refused(string sentence) => new(sentence);

    static string[] Entries(string directory)
    {
        try
        {
            return Directory.GetFileSystemEntries(directory);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Refused($"{directory} can't be read: {e.Message}");
        }
    }

    static bool IsDefinition(string file) =>
        Path.GetFileName(file)[0] != '.' && IsYaml(file) && !IsSamples(file);
}
