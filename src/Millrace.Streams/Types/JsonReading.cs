namespace Millrace.Streams.Types;

/// <summary>
/// How the JSON of a value that is made of others is taken apart. Immutable. ClickHouse's parser loses digits, so a record may be read a
/// second time with those that were sent, and both readings must judge each element alike.
/// </summary>
/// <param name="Json">The SQL of the JSON that the parser gets, from the text of the value.</param>
/// <param name="Texts">The SQL of the elements' texts as the types read them, from an Array(Nullable(String)) out of that JSON.</param>
sealed record JsonReading(Func<string, string> Json, Func<string, string> Texts)
{
    /// <summary>As the parser has it.</summary>
    public static JsonReading AsParsed { get; } = new(text => text, texts => texts);
}
