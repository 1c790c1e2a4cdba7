using System.Reflection;
using Confluent.Kafka;
using Millrace.Conformance.Clients;
using Millrace.Testing;
using Xunit.Sdk;

namespace Millrace.Conformance.Brokers;

/// <summary>Runs a theory on the embedded broker and, where it can be run, on Apache Kafka; each time with each of the given values, if any.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryBrokerAttribute(params object[] values) : DataAttribute
{
    /// <summary>As <see cref="Library.Version"/>: with an older native library the theory is skipped.</summary>
    public int NeedsLibrdkafka { get; set; }

    public override string? Skip => Librdkafka.Version < NeedsLibrdkafka ? $"librdkafka {Library.VersionString} is too old for what this calls" : null;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => values.Length == 0
        ? Kinds().Select(kind => new object[] { kind })
        : Kinds().SelectMany(kind => values.Select(value => new[] { kind, value }));

    static IEnumerable<BrokerKind> Kinds()
    {
        yield return BrokerKind.Embedded;
        if (Prerequisites.Missing(Prerequisite.ApacheKafka) is null || !Prerequisites.MaySkip(Prerequisite.ApacheKafka)) yield return BrokerKind.ApacheKafka;
    }
}
