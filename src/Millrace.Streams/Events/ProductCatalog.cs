using System.Text.Json;

namespace Millrace.Streams.Events;

/// <summary>
/// The shop's products, a few of which everybody looks at: the n-th is picked in proportion to 1/n (Zipf's law).
/// Immutable.
/// </summary>
sealed class ProductCatalog
{
    const int Size = 2000;

    /// <summary>The cheapest and dearest price of each category, in whole units of the currency.</summary>
    static readonly (string Name, int Cheapest, int Dearest)[] Categories =
    [
        ("books", 5, 40), ("clothing", 10, 150), ("electronics", 20, 1500), ("garden", 8, 300),
        ("home", 6, 400), ("music", 5, 30), ("sports", 10, 500), ("toys", 5, 120),
    ];

    readonly WeightedPicker _picker = new([.. Enumerable.Range(1, Size).Select(rank => 1.0 / rank)]);
    readonly Product[] _products;

    public ProductCatalog(EventRandom random) => _products = [.. Enumerable.Range(1, Size).Select(id => Make(id, random))];

    public Product Pick(EventRandom random) => _products[_picker.Pick(random)];

    static Product Make(int id, EventRandom random)
    {
        var (name, cheapest, dearest) = Categories[random.Below(Categories.Length)];
        var price = cheapest + random.Below(dearest - cheapest);
        return new Product(id, JsonSerializer.SerializeToUtf8Bytes(name), (price * 100L) + 99);
    }
}
