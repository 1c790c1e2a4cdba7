using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Streams.Definition;

/// <summary>
/// A place in a record's JSON, as in <c>$.meta.device.id</c>, <c>$.items[0].sku</c> or <c>$['a name with . in it']</c>: names of fields,
/// and numbers of array elements from 0, those below 0 counted from the end. Immutable.
/// </summary>
public sealed partial class JsonPath : IEquatable<JsonPath>
{
    JsonPath(IReadOnlyList<PathStep> steps) => Steps = steps;

    /// <summary>Never empty; the first one names a field, as a record is an object.</summary>
    public IReadOnlyList<PathStep> Steps { get; }

    public static JsonPath OfField(string name) => new([new PathStep(name, 0)]);

    /// <returns>null when <paramref name="text"/> is no path.</returns>
    public static JsonPath? Parse(string text)
    {
        if (!text.StartsWith('$')) return null;
        var steps = new List<PathStep>();
        for (var at = 1; at < text.Length;)
        {
            var step = Step().Match(text, at);
            if (!step.Success) return null;
            steps.Add(ToStep(step));
            at += step.Length;
        }
        return steps is [{ Name: not null }, ..] && steps.All(step => step.Name != "") ? new JsonPath(steps) : null;
    }

    public bool Equals(JsonPath? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override bool Equals(object? obj) => Equals(obj as JsonPath);

    public override int GetHashCode() => Steps.Aggregate(0, HashCode.Combine);

    /// <summary>In the form that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Steps.Aggregate(new StringBuilder("$"), (text, step) => text.Append(step)).ToString();

    static PathStep ToStep(Match step)
    {
        if (step.Groups["index"] is { Success: true, Value: var index }) return new(null, int.Parse(index, CultureInfo.InvariantCulture));
        return new(step.Groups["name"].Success ? step.Groups["name"].Value : Escape().Replace(step.Groups["quoted"].Value, "$1"), 0);
    }

    [GeneratedRegex(@"\G(?:\.(?<name>[^.*\[\]'""\s]+)|\[(?<index>-?[0-9]{1,6})\]|\['(?<quoted>(?:[^'\\]|\\.)+)'\])")]
    private static partial Regex Step();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escape();
}

/// <summary>A field of an object, or an element of an array.</summary>
/// <param name="Name">null: an element.</param>
/// <param name="Index">From 0; -1 is the last one.</param>
public readonly partial record struct PathStep(string? Name, int Index)
{
    public override string ToString() => Name switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $"[{Index}]"),
        _ when Plain().IsMatch(Name) => $".{Name}",
        _ => $"['{Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']",
    };

    [GeneratedRegex(@"^[^.*\[\]'""\s]+\z")]
    private static partial Regex Plain();
}
