namespace Millrace.Bench;

/// <summary>How far it is. Immutable.</summary>
/// <param name="Title">What is measured.</param>
/// <param name="Doing">What is done for it now, in a few words: "warms up".</param>
/// <param name="Share">Of the expected time, 0 to 1.</param>
/// <param name="Left">As expected.</param>
public sealed record BenchProgress(string Title, string Doing, double Share, TimeSpan Left);
