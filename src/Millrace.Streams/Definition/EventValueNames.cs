namespace Millrace.Streams.Definition;

/// <summary>The words of a definition's <c>generate:</c> for the values of an event, and the types each may fill.</summary>
public static class EventValueNames
{
    static readonly Dictionary<string, (EventValue Value, ColumnKind[] Kinds)> Words = new()
    {
        ["uuid"] = (EventValue.Uuid, [ColumnKind.UUID, ColumnKind.String]),
        ["now"] = (EventValue.Now, [ColumnKind.DateTime64]),
        ["session.id"] = (EventValue.SessionId, [ColumnKind.UUID, ColumnKind.String]),
        ["session.user_id"] = (
            EventValue.SessionUserId,
            [ColumnKind.UInt32, ColumnKind.UInt64, ColumnKind.Int32, ColumnKind.Int64, ColumnKind.String]),
        ["session.ip"] = (EventValue.SessionIp, [ColumnKind.IPv4, ColumnKind.String]),
        ["session.country"] = (EventValue.SessionCountry, [ColumnKind.LowCardinalityString, ColumnKind.String]),
        ["session.device"] = (EventValue.SessionDevice, [ColumnKind.LowCardinalityString, ColumnKind.String]),
        ["session.referrer"] = (EventValue.SessionReferrer, [ColumnKind.LowCardinalityString, ColumnKind.String]),
        ["product.id"] = (
            EventValue.ProductId,
            [ColumnKind.UInt32, ColumnKind.UInt64, ColumnKind.Int32, ColumnKind.Int64, ColumnKind.String]),
        ["product.category"] = (EventValue.ProductCategory, [ColumnKind.LowCardinalityString, ColumnKind.String]),
        ["product.price"] = (EventValue.ProductPrice, [ColumnKind.Decimal, ColumnKind.Float64]),
        ["order.quantity"] = (
            EventValue.OrderQuantity,
            [
                ColumnKind.UInt8, ColumnKind.UInt16, ColumnKind.UInt32, ColumnKind.UInt64,
                ColumnKind.Int8, ColumnKind.Int16, ColumnKind.Int32, ColumnKind.Int64,
            ]),
        ["order.amount"] = (EventValue.OrderAmount, [ColumnKind.Decimal, ColumnKind.Float64]),
    };

    /// <summary>What the sums of money need: they go up to 5 pieces of 1499.99 (ShopTraffic, ProductCatalog), and end in cents.</summary>
    public static ColumnType SmallestMoney { get; } = new(ColumnKind.Decimal, Precision: 6, Scale: 2);

    /// <summary>Every word, for the sentence that refuses another.</summary>
    public static string Known { get; } = string.Join(", ", Words.Keys);

    public static bool TryParse(string word, out EventValue value)
    {
        var found = Words.TryGetValue(word, out var entry);
        value = entry.Value;
        return found;
    }

    /// <summary>The types that can hold the value <paramref name="word"/> names, which must be known.</summary>
    public static IReadOnlyList<ColumnKind> KindsFor(string word) => Words[word].Kinds;
}
