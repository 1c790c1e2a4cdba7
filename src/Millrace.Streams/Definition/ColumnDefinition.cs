using Millrace.Streams.Types;

namespace Millrace.Streams.Definition;

/// <summary>A column of the target table, and where in the stream's records its value comes from. Immutable.</summary>
/// <param name="NullShare">
/// How often the emitter leaves the field null, from 0 (never) to 1 (always); above 0 only where the type is Nullable.
/// </param>
public sealed record ColumnDefinition(string Name, ColumnType Type, ColumnGenerator Generator, double NullShare)
{
    /// <summary>The field of its name unless the definition says another.</summary>
    public ColumnSource Source { get; init; } = new ColumnSource.Json(JsonPath.OfField(Name));

    public ValueRules Rules { get; init; } = ValueRules.Of(Type);

    /// <summary>As the definition writes it, in a form that a record could have; null for that of the type.</summary>
    public string? Default { get; init; }

    /// <summary>The name that it had; null where the definition says none. Where the table has that one, it is renamed.</summary>
    public string? Was { get; init; }

    /// <summary>What stands between the parentheses of ClickHouse's CODEC(...); null for ClickHouse's own choice.</summary>
    public string? Codec { get; init; }

    /// <summary>SQL of the moment from which on its values are gone; null for never.</summary>
    public string? Ttl { get; init; }

    /// <summary>What the column is, for those who look at the table; null for nothing.</summary>
    public string? Comment { get; init; }

    /// <summary>SQL over the other columns that makes the value; null for a column that is read from records.</summary>
    public string? Expression => (Source as ColumnSource.Computed)?.Sql;

    internal FieldPlaces Places { get; init; } = FieldPlaces.Unknown;

    /// <summary>A record that lacks it goes to the dead letters.</summary>
    public bool IsRequired => Expression is null && Rules.Missing == ValueRule.Reject;

    /// <summary>Where in a record's JSON it is; null for what is not in the JSON.</summary>
    internal JsonPath? Path => (Source as ColumnSource.Json)?.Path;
}
