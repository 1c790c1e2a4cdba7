using System.Text.Json;

namespace Millrace.Streams.Infer;

/// <summary>Records, a line of JSON each, from which a definition is proposed. Single thread.</summary>
sealed class RecordSample
{
    public FieldFacts Facts { get; } = new(depth: 0);

    /// <summary>Lines that are a JSON object.</summary>
    public int Records { get; private set; }

    /// <summary>Lines that are something else, empty ones not counted.</summary>
    public int OtherLines { get; private set; }

    /// <summary>Counted from 1; 0 where there is none.</summary>
    public int FirstOtherLine { get; private set; }

    public static RecordSample Read(TextReader text)
    {
        var sample = new RecordSample();
        for (var number = 1; text.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line))
                sample.Add(line, number);
        return sample;
    }

    void Add(string line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
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
        OtherLines++;
        if (FirstOtherLine == 0) FirstOtherLine = number;
    }
}
