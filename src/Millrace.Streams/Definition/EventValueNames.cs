using Millrace.Streams.Types;

namespace Millrace.Streams.Definition;

/// <summary>The words of a definition's <c>generate:</c> for the values of an event, and the types each may fill.</summary>
public static class EventValueNames
{
    const string Category = "LowCardinality(String)";

    /// <summary>Users go up to 50,000, products up to 2,000 (SessionSource, ProductCatalog).</summary>
    static readonly string[] Products = ["UInt16", "UInt32", "UInt64", "UInt128", "UInt256", "Int16", "Int32", "Int64", "Int128", "Int256"];
    static readonly string[] Users = [.. Products.Except(["Int16"])];
    static readonly string[] Money = ["Decimal", "Float64", "Float32"];

    static readonly Dictionary<string, (EventValue Value, string[] Types)> Words = new()
    {
        ["uuid"] = (EventValue.Uuid, ["UUID", "String"]),
        ["now"] = (EventValue.Now, ["DateTime64", "DateTime", "Date", "Date32"]),
        ["session.id"] = (EventValue.SessionId, ["UUID", "String"]),
        ["session.user_id"] = (EventValue.SessionUserId, [.. Users, "String"]),
        ["session.ip"] = (EventValue.SessionIp, ["IPv4", "IPv6", "String"]),
        ["session.country"] = (EventValue.SessionCountry, [Category, "String"]),
        ["session.device"] = (EventValue.SessionDevice, [Category, "String"]),
        ["session.referrer"] = (EventValue.SessionReferrer, [Category, "String"]),
        ["product.id"] = (EventValue.ProductId, [.. Products, "String"]),
        ["product.category"] = (EventValue.ProductCategory, [Category, "String"]),
        ["product.price"] = (EventValue.ProductPrice, Money),
        ["order.quantity"] = (EventValue.OrderQuantity, ["UInt8", "Int8", .. Products]),
        ["order.amount"] = (EventValue.OrderAmount, Money),
    };

    /// <summary>What the sums of money need: they go up to 5 pieces of 1499.99 (ShopTraffic, ProductCatalog), and end in cents.</summary>
    internal static DecimalType SmallestMoney { get; } = new(6, 2);

    public static IReadOnlyCollection<string> All => Words.Keys;

    /// <summary>Every word, for the sentence that refuses another.</summary>
    public static string Known { get; } = string.Join(", ", Words.Keys);

    public static bool TryParse(string word, out EventValue value)
    {
        var found = Words.TryGetValue(word, out var entry);
        value = entry.Value;
        return found;
    }

    /// <summary>The names of the types that can hold the value <paramref name="word"/> names, which must be known.</summary>
    public static IReadOnlyList<string> TypesFor(string word) => Words[word].Types;
}
