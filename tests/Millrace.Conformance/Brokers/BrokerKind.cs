namespace Millrace.Conformance.Brokers;

/// <summary>Whose answers are tested.</summary>
public enum BrokerKind
{
    Embedded,

    /// <summary>The original: a test that fails there is a wrong test.</summary>
    ApacheKafka,
}
