using System.Text.Json;

namespace Millrace.Streams.Infer;

/// <summary>Records of JSON from which a definition is proposed. Single thread.</summary>
sealed class RecordSample
{
    public FieldFacts Facts { get; } = new(depth: 0);

    /// <summary>Texts that are a JSON object.</summary>
    public int Records { get; private set; }

    /// <summary>Texts that are something else.</summary>
    public int Others { get; private set; }

    /// <summary>Where the first of the <see cref="Others"/> is; null where there is none.</summary>
    public string? FirstOther { get; private set; }

    public static RecordSample Read(IEnumerable<SampledText> texts)
    {
        var sample = new RecordSample();
        foreach (var text in texts) sample.Add(text);
        return sample;
    }

    void Add(SampledText text)
    {
        try
        {
            using var json = JsonDocument.Parse(text.Text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                Records++;
                Facts.Add(json.RootElement);
                return;
            }
        }
        catch (JsonException)
        {
            // Counted below, as what is JSON but no object.
        }
        Others++;
        FirstOther ??= text.Place;
    }
}
