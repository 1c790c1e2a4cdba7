using Millrace.Streams.Definition;

namespace Millrace.Streams.Samples;

/// <summary>
/// Reads the records of samples and gives each its offset: in a file whose name ends in .yaml or .yml as <see cref="SampleYaml"/> says, in
/// every other one a record in each line. Single thread.
/// </summary>
public sealed class SampleFiles(StreamCatalog catalog)
{
    readonly Dictionary<(string Topic, int Partition), long> _next = [];

    /// <summary>
    /// Those that lie beside the definitions: of <c>orders.yaml</c> they are called <c>orders.samples.yaml</c> or
    /// <c>orders.samples.ndjson</c>.
    /// </summary>
    /// <exception cref="StreamDefinitionException">A file can't be used.</exception>
    public IReadOnlyList<SampleRecord> Beside() =>
        [.. catalog.Streams.SelectMany(stream => StreamFolder.SamplesOf(stream.File).SelectMany(file => Read(file, stream)))];

    /// <param name="file">Path of a file, or - for records on <paramref name="input"/>.</param>
    /// <exception cref="StreamDefinitionException">The file can't be used.</exception>
    public IReadOnlyList<SampleRecord> Read(string file, Stream input)
    {
        if (file == "-") return Lines("stdin", input, Only("stdin"));
        return Read(file, owner: null);
    }

    IReadOnlyList<SampleRecord> Read(string file, StreamDefinition? owner)
    {
        try
        {
            using var stream = File.OpenRead(file);
            if (StreamFolder.IsYaml(file)) return Yaml(file, stream, owner);
            return Lines(file, stream, owner ?? Only(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StreamDefinitionException(File.Exists(file) ? $"{file} can't be read: {e.Message}" : $"there is no file {file}");
        }
    }

    IReadOnlyList<SampleRecord> Yaml(string file, Stream stream, StreamDefinition? owner)
    {
        using var text = new StreamReader(stream);
        return Some(file, new SampleYaml(file, catalog, owner, Take).Read(text));
    }

    IReadOnlyList<SampleRecord> Lines(string file, Stream stream, StreamDefinition owner)
    {
        var lines = SampleLines.Read(file, stream);
        return Some(file, [.. lines.Select(line => Of(line.Number, line.Bytes))]);

        SampleRecord Of(long number, byte[] value) =>
            new(file, number, owner, value, Partition: 0, Take(owner, 0, wanted: null)!.Value, SampleExpectation.Row);
    }

    static IReadOnlyList<SampleRecord> Some(string file, IReadOnlyList<SampleRecord> samples) =>
        samples.Count > 0 ? samples : throw new StreamDefinitionException($"{file} holds no record; add one, or leave it out");

    /// <summary>Whose records they are, where nothing says so.</summary>
    StreamDefinition Only(string file) => catalog.Streams is [var only]
        ? only
        : throw new StreamDefinitionException(
            $"{file} does not say which stream its records are of: check one definition with it, "
            + "or write YAML, in which each sample names its stream");

    /// <returns>The offset that a record gets; null where the wanted one is taken by then.</returns>
    long? Take(StreamDefinition stream, int partition, long? wanted)
    {
        var next = _next.GetValueOrDefault((stream.Topic, partition));
        if (wanted < next) return null;
        _next[(stream.Topic, partition)] = (wanted ?? next) + 1;
        return wanted ?? next;
    }
}
