using Millrace.Streams.Types;

namespace Millrace.Streams.Definition;

/// <summary>What becomes of a record whose field has no usable value.</summary>
public enum ValueRule
{
    /// <summary>It is a dead letter.</summary>
    Reject,

    /// <summary>The column is NULL.</summary>
    Null,

    /// <summary>The column has its default value.</summary>
    Default,

    /// <summary>Digits that the type does not keep are rounded; what still is no value makes the record a dead letter.</summary>
    Round,
}

/// <summary>The rules of one column. Immutable.</summary>
/// <param name="Missing">The record has no such field, header or key. Never <see cref="ValueRule.Round"/>.</param>
/// <param name="Null">The field is null in JSON. Never <see cref="ValueRule.Round"/>.</param>
/// <param name="Invalid">What is there is no value of the type.</param>
public sealed record ValueRules(ValueRule Missing, ValueRule Null, ValueRule Invalid)
{
    /// <summary>Those of a column that states none: a Nullable one takes what is missing for NULL.</summary>
    public static ValueRules Of(ColumnType type)
    {
        var absent = type.IsNullable ? ValueRule.Null : ValueRule.Reject;
        return new ValueRules(absent, absent, ValueRule.Reject);
    }

    /// <summary>Whether what is no value, even with its digits rounded, makes the record a dead letter.</summary>
    public bool RejectsInvalid => Invalid is ValueRule.Reject or ValueRule.Round;

    /// <summary>Whether one of them gives the column its default value.</summary>
    public bool UseDefault => Missing == ValueRule.Default || Null == ValueRule.Default || Invalid == ValueRule.Default;
}
