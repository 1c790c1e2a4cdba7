using Millrace.Meters;

namespace Millrace.Testing;

/// <summary>What a test looks for in the meters of its process.</summary>
public static class MeterSums
{
    /// <summary>The values of the series that have these tags, added up; 0 where there is none.</summary>
    public static double Sum(this MeterCollector collector, string name, params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(collector);
        return collector.Read()
            .Where(reading => reading.Name == name && tags.All(tag => reading.Tags?.Values.Contains(tag) == true))
            .Sum(reading => reading.Value);
    }
}
