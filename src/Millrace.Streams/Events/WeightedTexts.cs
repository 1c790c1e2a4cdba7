using System.Text.Json;

namespace Millrace.Streams.Events;

/// <summary>Texts, each picked as often as its weight says, kept as the JSON they are written as. Immutable.</summary>
sealed class WeightedTexts
{
    readonly WeightedPicker _picker;
    readonly byte[][] _json;

    public WeightedTexts(params (string Text, int Weight)[] values)
    {
        _picker = new WeightedPicker([.. values.Select(value => (double)value.Weight)]);
        _json = [.. values.Select(value => JsonSerializer.SerializeToUtf8Bytes(value.Text))];
    }

    public byte[] Pick(EventRandom random) => _json[_picker.Pick(random)];
}
