namespace Millrace.Meters;

/// <summary>What a value means, and so how a backend may add it up: https://opentelemetry.io/docs/specs/otel/metrics/data-model/.</summary>
public enum MeterKind
{
    /// <summary>Grows from the start of the process: a rate can be taken of it.</summary>
    Counter,

    /// <summary>Rises and falls, and the values of several series can be added.</summary>
    UpDownCounter,

    /// <summary>What was last seen.</summary>
    Gauge,
}

/// <summary>The value of one series of one instrument of a service, as it was at one moment. Immutable.</summary>
/// <param name="Name">As OpenTelemetry writes it: <c>kafka.network.io</c>.</param>
/// <param name="Unit">In UCUM, as OpenTelemetry asks: <c>By</c>, <c>s</c>, <c>{request}</c>; null for none.</param>
/// <param name="Tags">Tell the series of an instrument apart; null for its only one.</param>
public sealed record MeterReading(
    string Name, MeterKind Kind, string? Unit, string? Description, IReadOnlyDictionary<string, string>? Tags, double Value);

/// <summary>All readings of one service at one moment. Immutable.</summary>
public sealed record ServiceReadings(string Service, IReadOnlyList<MeterReading> Readings);
