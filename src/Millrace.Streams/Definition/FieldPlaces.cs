namespace Millrace.Streams.Definition;

/// <summary>Where in its file each field of a stream stands, for faults that show only beside the other files. Immutable.</summary>
/// <param name="places">Lines and columns, counted from 1.</param>
sealed class FieldPlaces(IReadOnlyDictionary<string, (long Line, long Column)> places)
{
    /// <summary>Of a stream that no file defines.</summary>
    public static FieldPlaces Unknown { get; } = new(new Dictionary<string, (long, long)>());

    /// <summary>A field that is not written, as its default is what clashes, stands where the file begins.</summary>
    public StreamDefinitionException Wrong(string file, string field, string what)
    {
        var (line, column) = places.TryGetValue(field, out var place) ? place : (1, 1);
        return YamlPosition.Error(file, line, column, field, what);
    }
}
