using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Bench.Options;
using Millrace.Bench.Reports;
using Millrace.Bench.Results;

namespace Millrace.Bench.Comparing;

/// <summary>What differs between two results beyond their spread. Immutable.</summary>
/// <param name="OnlyInA">Measurements without a counterpart, by their titles.</param>
/// <param name="Differences">Of machine, versions and settings, in sentences: they may be the reason of all others.</param>
public sealed record Comparison(
    IReadOnlyList<ComparedMetric> Metrics, IReadOnlyList<string> OnlyInA, IReadOnlyList<string> OnlyInB, IReadOnlyList<string> Differences)
{
    [JsonIgnore]
    public bool AnyIsWorse => Metrics.Any(metric => metric.Verdict == ComparedMetric.Worse);

    public static Comparison Of(BenchResults a, BenchResults b)
    {
        var ofB = b.Measurements.DistinctBy(one => one.Title).ToDictionary(one => one.Title);
        var titles = a.Measurements.Select(one => one.Title).ToHashSet();
        return new Comparison(
            [.. a.Measurements.Where(one => ofB.ContainsKey(one.Title)).SelectMany(one => Compare(one, ofB[one.Title]))],
            [.. titles.Where(title => !ofB.ContainsKey(title))],
            [.. ofB.Keys.Where(title => !titles.Contains(title))],
            [.. Differing(a, b)]);
    }

    /// <exception cref="BenchRefusedException">It is no file of results, or a later version's.</exception>
    public static BenchResults Read(string path)
    {
        try
        {
            var results = BenchJson.Parse(File.ReadAllText(path));
            if (results is not { Format: BenchResults.FormatName })
                throw new BenchRefusedException($"{path} is no file of results: bench writes them as results.json");
            return results.Version <= BenchResults.CurrentVersion
                ? results
                : throw new BenchRefusedException($"{path} was written by a later millrace: compare with that");
        }
        catch (JsonException)
        {
            throw new BenchRefusedException($"{path} is no file of results: bench writes them as results.json");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchRefusedException($"{path} can't be read ({e.Message.TrimEnd('.')})");
        }
    }

    static IEnumerable<ComparedMetric> Compare(Measurement a, Measurement b) =>
        from metric in Metric.All
        where metric.Direction != 0 && a.Summary.ContainsKey(metric.Name) && b.Summary.ContainsKey(metric.Name)
        select ComparedMetric.Of(a.Title, metric, a.Summary[metric.Name], b.Summary[metric.Name]);

    static IEnumerable<string> Differing(BenchResults a, BenchResults b)
    {
        var ofB = ReportFacts.Of(b).ToDictionary(fact => fact.Name, fact => fact.Text);
        return ReportFacts.Of(a).Where(fact => ofB.ContainsKey(fact.Name) && ofB[fact.Name] != fact.Text)
            .Select(fact => $"{fact.Name}: {fact.Text} / {ofB[fact.Name]}");
    }
}

/// <summary>One metric of one measurement in both results. Immutable.</summary>
/// <param name="Change">From A's median to B's: 0.1 for a tenth more; null where A's is 0.</param>
/// <param name="Verdict">One of the words below.</param>
public sealed record ComparedMetric(string Measurement, string Metric, string Unit, Summary A, Summary B, double? Change, string Verdict)
{
    public const string Better = "better";
    public const string Worse = "worse";

    /// <summary>The spreads of the two overlap.</summary>
    public const string Same = "within the spread";

    /// <summary>A single run has no spread.</summary>
    public const string Unknown = "spread unknown";

    /// <summary>The spreads do not touch, which of so few runs may well be chance.</summary>
    public const string TooFew = "too few runs";

    /// <summary>More often than so, nothing is told from it.</summary>
    const double MostChance = 0.05;

    public static ComparedMetric Of(string measurement, Metric metric, Summary a, Summary b)
    {
        double? change = a.Median == 0 ? null : Math.Round((b.Median / a.Median) - 1, 4);
        return new ComparedMetric(measurement, metric.Name, metric.Unit, a, b, change, Judge(metric, a, b));
    }

    static string Judge(Metric metric, Summary a, Summary b)
    {
        if (a.Runs < 2 || b.Runs < 2) return Unknown;
        if (b.Min <= a.Max && a.Min <= b.Max) return Same;
        if (Chance(a.Runs, b.Runs) > MostChance) return TooFew;
        return (b.Median > a.Median) == (metric.Direction > 0) ? Better : Worse;
    }

    /// <summary>How often all runs of one lie above all of the other where there is no difference: of 3 and 3 once in 10.</summary>
    static double Chance(int a, int b)
    {
        var orders = 1.0;
        for (var i = 1; i <= a; i++) orders *= (double)(b + i) / i;
        return 2 / orders;
    }
}

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Comparison))]
public sealed partial class ComparisonJson : JsonSerializerContext;
