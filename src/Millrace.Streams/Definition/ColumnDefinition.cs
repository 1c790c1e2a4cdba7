using Millrace.Streams.Types;

namespace Millrace.Streams.Definition;

/// <summary>A field of the stream's JSON events and the column of the same name in its target table. Immutable.</summary>
/// <param name="NullShare">
/// How often the emitter leaves the field null, from 0 (never) to 1 (always); above 0 only where the type is Nullable.
/// </param>
public sealed record ColumnDefinition(string Name, ColumnType Type, ColumnGenerator Generator, double NullShare)
{
    /// <summary>A record without a valid value for it goes to the dead letters.</summary>
    public bool IsRequired => !Type.IsNullable;
}
