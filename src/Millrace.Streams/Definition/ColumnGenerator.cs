using Millrace.Streams.Types;

namespace Millrace.Streams.Definition;

/// <summary>How the emitter makes a column's values. Immutable; the definition files explain the vocabulary (streams/views.yaml).</summary>
public abstract record ColumnGenerator
{
    ColumnGenerator() { }

    /// <summary>No value: a stream of weight 0, whose records others make, need not say how.</summary>
    public sealed record None : ColumnGenerator;

    /// <summary>A value the event has by itself or takes from its session, its product or its order.</summary>
    public sealed record FromEvent(EventValue Value) : ColumnGenerator;

    /// <summary>One of the values, each as often as its weight says. Never empty; every weight is above 0.</summary>
    public sealed record Choice(IReadOnlyList<WeightedValue> Values) : ColumnGenerator;

    /// <summary>An evenly spread number, both ends inclusive.</summary>
    public sealed record Range(decimal Minimum, decimal Maximum) : ColumnGenerator
    {
        /// <summary>
        /// At most so many digits have the two ends, those after the point included:
        /// the emitter counts in units of the last one, as Int64.
        /// </summary>
        public const int MaxDigits = 18;

        /// <summary>Digits after the point: those of the type; a float has as many as the definition writes.</summary>
        public int ScaleFor(ColumnType type) => type is FloatType ? Math.Max(Minimum.Scale, Maximum.Scale) : type.Scale;
    }

    /// <summary>A list, of as many values of one generator as a number from one length to another, both inclusive, says.</summary>
    public sealed record Array(ColumnGenerator Element, int Shortest, int Longest) : ColumnGenerator;

    /// <summary>A mapping with just these names. Never empty.</summary>
    public sealed record Object(IReadOnlyList<(string Name, ColumnType Type, ColumnGenerator Generator)> Fields) : ColumnGenerator;
}

/// <summary>A value of a choice, as the text that stands in the definition; of a type that is made of others as JSON.</summary>
public sealed record WeightedValue(string Value, int Weight);

/// <summary>What an event knows. In the definition each is written as in <see cref="EventValueNames"/>.</summary>
public enum EventValue
{
    /// <summary>A new random UUID.</summary>
    Uuid,

    /// <summary>The moment the event is made.</summary>
    Now,

    SessionId,
    SessionUserId,
    SessionIp,

    /// <summary>ISO 3166 code of two letters.</summary>
    SessionCountry,
    SessionDevice,
    SessionReferrer,

    /// <summary>The product the event is about; an event after another is about the same one.</summary>
    ProductId,
    ProductCategory,

    /// <summary>Price of one piece.</summary>
    ProductPrice,

    /// <summary>How many pieces are ordered: 1 to 5.</summary>
    OrderQuantity,

    /// <summary>Price of one piece times the quantity.</summary>
    OrderAmount,
}
