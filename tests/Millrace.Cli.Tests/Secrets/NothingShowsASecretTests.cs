using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Cli.Basics;
using Millrace.Secrets;

namespace Millrace.Cli.Tests.Secrets;

/// <summary>Looks at every type of ours: what holds a password holds a <see cref="Secret"/>, and so can't print it.</summary>
public sealed partial class NothingShowsASecretTests
{
    const string Known = "Zx9-a-password-that-nobody-may-see";

    const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly IReadOnlyList<Type> OurTypes =
    [
        .. Assemblies().SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), false)),
    ];

    [Fact]
    public void Every_assembly_of_ours_is_looked_at() => Assert.Equal(
        [
            "Millrace.Bench", "Millrace.ClickHouse", "Millrace.HttpAccess", "Millrace.Kafka.Broker", "Millrace.Kafka.Protocol",
            "Millrace.Listening", "Millrace.Meters", "Millrace.Page", "Millrace.Secrets", "Millrace.Streams", "millrace",
        ],
        Assemblies().Select(assembly => assembly.GetName().Name!).Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_called_a_password_is_no_plain_text() => Assert.Empty(PlainTexts(NamesASecret().IsMatch));

    /// <summary>Any property of librdkafka's may be one: sasl.password, ssl.key.password, sasl.oauthbearer.config ...</summary>
    [Fact]
    public void Properties_of_kafka_clients_are_no_plain_text() =>
        Assert.Empty(PlainTexts(name => name.EndsWith("Properties", StringComparison.Ordinal)));

    [Fact]
    public void What_holds_a_secret_prints_none_as_text_and_as_JSON()
    {
        var concrete = OurTypes.Where(type => type is { IsAbstract: false, ContainsGenericParameters: false } && type != typeof(Secret));
        var holders = concrete.Where(type => SecretFields(type).Any()).ToList();

        Assert.Contains(typeof(Streams.StandEndpoints), holders);
        Assert.Contains(typeof(Streams.QueueKafka), holders);
        Assert.Contains(typeof(ClickHouse.Options.ClickHouseOptions), holders);
        foreach (var holder in holders)
        {
            var filled = Filled(holder);
            Assert.DoesNotContain(Known, $"{filled}", StringComparison.Ordinal);
            Assert.DoesNotContain(Known, JsonSerializer.Serialize(filled, holder), StringComparison.Ordinal);
        }
    }

    static HashSet<Assembly> Assemblies()
    {
        var found = new HashSet<Assembly>();
        var ahead = new Queue<Assembly>([typeof(ExitCodes).Assembly]);
        while (ahead.TryDequeue(out var assembly))
            if (found.Add(assembly))
                foreach (var name in assembly.GetReferencedAssemblies().Where(IsOurs)) ahead.Enqueue(Assembly.Load(name));
        return found;
    }

    static bool IsOurs(AssemblyName assembly) => assembly.Name!.StartsWith("Millrace.", StringComparison.Ordinal);

    /// <summary>Names of members that are called so and hold plain text.</summary>
    static IEnumerable<string> PlainTexts(Func<string, bool> isCalledSo) =>
        OurTypes.SelectMany(Members).Where(member => isCalledSo(member.Name) && HoldsText(member.Type))
            .Select(member => $"{member.Owner.FullName}.{member.Name}");

    static IEnumerable<(Type Owner, string Name, Type Type)> Members(Type type) =>
    [
        .. type.GetProperties(All).Select(property => (type, property.Name, property.PropertyType)),
        // A constant is written in the source: the name of a variable or of a setting.
        .. type.GetFields(All).Where(field => !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal))
            .Select(field => (type, field.Name, field.FieldType)),
    ];

    static bool HoldsText(Type type) =>
        type == typeof(string) || type == typeof(byte[]) || type == typeof(char[])
        || (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && HoldsText(type.GetGenericArguments()[^1]));

    static IEnumerable<FieldInfo> SecretFields(Type type) =>
        type.GetFields(All & ~BindingFlags.Static).Where(field => field.FieldType == typeof(Secret) || IsSecrets(field.FieldType));

    static bool IsSecrets(Type type) => type == typeof(IReadOnlyDictionary<string, Secret>);

    static object Filled(Type holder)
    {
        var filled = RuntimeHelpers.GetUninitializedObject(holder);
        foreach (var field in SecretFields(holder))
            field.SetValue(
                filled, IsSecrets(field.FieldType) ? new Dictionary<string, Secret> { ["sasl.password"] = Known } : new Secret(Known));
        return filled;
    }

    [GeneratedRegex("password|secret|credential", RegexOptions.IgnoreCase)]
    private static partial Regex NamesASecret();
}
