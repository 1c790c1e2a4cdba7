using System.Security.Cryptography;
using System.Text;

namespace Millrace.Streams.Definition;

/// <summary>All streams of a stand, checked one by one and against each other. Immutable.</summary>
public sealed class StreamCatalog
{
    const int FingerprintBytes = 8;

    StreamCatalog(IReadOnlyList<StreamDefinition> streams) => Streams = streams;

    /// <summary>In the order of the file names. Never empty.</summary>
    public IReadOnlyList<StreamDefinition> Streams { get; }

    /// <summary>Of the files' names and texts: tells whether two catalogues were read from the same definitions.</summary>
    public string Fingerprint { get; private init; } = "";

    /// <summary>
    /// By its name or, where no stream is called so, by its topic: one stream's name may be another's topic. null where there is none.
    /// </summary>
    public StreamDefinition? Find(string name) => Named(name) ?? Reading(name);

    /// <summary>By its topic or, where no stream reads one that is called so, by its name. null where there is none.</summary>
    public StreamDefinition? FindTopic(string topic) => Reading(topic) ?? Named(topic);

    /// <summary>How many streams a folder defines, without reading them; 0 where they can't be used: whoever reads them says why.</summary>
    public static int CountIn(string directory)
    {
        try { return StreamFolder.Files(directory).Count; }
        catch (StreamDefinitionException) { return 0; }
    }

    /// <summary>Reads every definition of <paramref name="directory"/>: <see cref="StreamFolder"/> says which files those are.</summary>
    /// <exception cref="StreamDefinitionException">A definition can't be used, or there is none.</exception>
    public static StreamCatalog Load(string directory)
    {
        var texts = StreamFolder.Files(directory).Select(file => (File: file, Text: ReadText(file))).ToList();
        var catalog = Create([.. texts.Select(one => (one.File, StreamFile.Read(one.File, new StringReader(one.Text))))]);
        return new StreamCatalog(catalog.Streams) { Fingerprint = FingerprintOf(texts) };
    }

    /// <summary>
    /// Reads definitions that need not be all of a folder: a stream whose predecessor is not among them begins something new.
    /// </summary>
    /// <param name="places">Paths of definitions, and of folders of them.</param>
    /// <exception cref="StreamDefinitionException">A definition can't be used, or is not there; there are samples of none.</exception>
    public static StreamCatalog LoadSome(IEnumerable<string> places)
    {
        var files = DefinitionPlaces.Files(places);
        var read = files.Select(file => (File: file, Stream: StreamFile.Read(file, new StringReader(ReadText(file))))).ToList();
        var names = read.Select(one => one.Stream.Name).ToList();
        return Create([.. read.Select(one => (one.File, Alone(one.Stream)))]);

        StreamDefinition Alone(StreamDefinition stream) => names.Contains(stream.After ?? "") ? stream : stream with { After = null };
    }

    /// <summary>Checks that a new definition goes together with those of the folder, where there are any.</summary>
    /// <param name="file">Full path of where it is to stand.</param>
    /// <exception cref="StreamDefinitionException">It does not, or one of the others can't be used.</exception>
    internal static void RequireRoom(string directory, string file, string text)
    {
        var others = StreamFolder.HasAny(directory) ? StreamFolder.Files(directory) : [];
        var name = Path.GetFileNameWithoutExtension(file);
        bool IsTaken(string other) => Path.GetFileNameWithoutExtension(other).Equals(name, StringComparison.OrdinalIgnoreCase);
        if (others.FirstOrDefault(IsTaken) is { } taken)
            throw new StreamDefinitionException($"{taken} is there already: edit it, or choose another name");
        var held = others.Select(other => (other, StreamFile.Read(other, new StringReader(ReadText(other)))));
        var shown = $"{file} (not written)";
        Create([.. held, (shown, StreamFile.Read(shown, new StringReader(text)))]);
    }

    /// <summary>Checks definitions against each other; each comes with the file name that errors show.</summary>
    internal static StreamCatalog Create(IReadOnlyList<(string File, StreamDefinition Stream)> definitions)
    {
        RequireUnique(definitions, "stream", stream => [stream.Name]);
        RequireUnique(definitions, "topic", stream => [stream.Topic]);
        RequireUnique(definitions, "table", StreamTables);
        RequireNoDeadLetterClash(definitions);
        RequireKnownPredecessors(definitions);
        RequireNoCircle(definitions);
        var interval = FlushPace.IntervalFor(definitions.Count);
        var streams = definitions.Select(definition => definition.Stream);
        return new StreamCatalog([.. streams.Select(stream => stream with { FlushInterval = stream.FlushInterval ?? interval })]);
    }

    StreamDefinition? Named(string name) => Streams.FirstOrDefault(stream => stream.Name == name);

    StreamDefinition? Reading(string topic) => Streams.FirstOrDefault(stream => stream.Topic == topic);

    /// <summary>Lengths keep apart what lies side by side.</summary>
    static string FingerprintOf(IEnumerable<(string File, string Text)> texts)
    {
        var all = string.Concat(texts.Select(one => $"{Path.GetFileName(one.File)}\n{one.Text.Length}\n{one.Text}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, FingerprintBytes));
    }

    static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException e)
        {
            throw Unreadable(file, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable(file, e);
        }
    }

    static StreamDefinitionException Unreadable(string file, Exception why) => new($"{file} can't be read: {why.Message}");

    /// <summary>Every table and view of which a stream is the only owner.</summary>
    static IReadOnlyList<string> StreamTables(StreamDefinition stream) =>
        [
            stream.TargetTable, stream.QueueTable, stream.ParsedTable, stream.ParseView, stream.TargetView,
            stream.RejectedView, stream.RejectedTable, stream.ReparseView, stream.ReparsedTable, stream.ExactView, stream.DeadLetterView,
            stream.PauseMark,
        ];

    static void RequireUnique(
        IReadOnlyList<(string File, StreamDefinition Stream)> definitions,
        string field,
        Func<StreamDefinition, IReadOnlyList<string>> names)
    {
        var owners = new Dictionary<string, string>();
        foreach (var (file, stream) in definitions)
            foreach (var name in names(stream))
                if (!owners.TryAdd(name, file))
                    throw stream.Places.Wrong(file, field, $"'{name}' is taken in {owners[name]}; choose another name");
    }

    static void RequireNoDeadLetterClash(IReadOnlyList<(string File, StreamDefinition Stream)> definitions)
    {
        var tables = definitions.SelectMany(definition => StreamTables(definition.Stream)).ToHashSet();
        foreach (var (file, stream) in definitions)
        {
            if (tables.Contains(stream.DeadLetterTable))
            {
                throw stream.Places.Wrong(
                    file, "dead_letters", $"'{stream.DeadLetterTable}' is the name of another table of a stream; choose another name");
            }
        }
    }

    static void RequireKnownPredecessors(IReadOnlyList<(string File, StreamDefinition Stream)> definitions)
    {
        var names = definitions.Select(definition => definition.Stream.Name).ToList();
        foreach (var (file, stream) in definitions)
        {
            if (stream.After is not { } after || names.Contains(after)) continue;
            var hint = NearestWord.Hint(after, names.Where(name => name != stream.Name));
            throw stream.Places.Wrong(file, "after", $"'{after}' is no stream{hint}; name one of {string.Join(", ", names)}");
        }
    }

    static void RequireNoCircle(IReadOnlyList<(string File, StreamDefinition Stream)> definitions)
    {
        var byName = definitions.ToDictionary(definition => definition.Stream.Name, definition => definition.Stream);
        foreach (var (file, stream) in definitions)
        {
            var seen = new HashSet<string> { stream.Name };
            for (var after = stream.After; after is not null; after = byName[after].After)
                if (!seen.Add(after))
                    throw stream.Places.Wrong(file, "after", "the streams come after each other in a circle; remove one 'after'");
        }
    }
}
