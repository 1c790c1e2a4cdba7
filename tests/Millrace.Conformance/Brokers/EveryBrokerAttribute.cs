using System.Reflection;
using Millrace.Testing;
using Xunit.Sdk;

namespace Millrace.Conformance.Brokers;

/// <summary>
/// Runs a theory on the embedded broker and, where it can be run, on Apache Kafka; each time with each of the given values, if any.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryBrokerAttribute(params object[] values) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => values.Length == 0
        ? Kinds().Select(kind => new object[] { kind })
        : Kinds().SelectMany(kind => values.Select(value => new[] { kind, value }));

    static IEnumerable<BrokerKind> Kinds()
    {
        yield return BrokerKind.Embedded;
        if (Prerequisites.Missing(Prerequisite.ApacheKafka) is null || !Prerequisites.MaySkip(Prerequisite.ApacheKafka)) yield return BrokerKind.ApacheKafka;
    }
}
