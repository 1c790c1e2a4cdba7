using System.Reflection;
using Xunit.Sdk;

namespace Millrace.Testing;

/// <summary>A row of a theory that needs something beyond the repository: skipped as a <see cref="RequiresFactAttribute"/> is.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequiresInlineDataAttribute : DataAttribute
{
    readonly object[] _data;

    public RequiresInlineDataAttribute(Prerequisite prerequisite, params object[] data)
    {
        _data = data;
        if (Prerequisites.Missing(prerequisite) is { } why && Prerequisites.MaySkip(prerequisite)) Skip = why;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_data];
}
