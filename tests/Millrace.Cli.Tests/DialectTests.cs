using System.Reflection;
using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.Cli.Tests;

/// <summary>What is written in one way everywhere. What a type of somebody else's prescribes keeps the names it has there.</summary>
public sealed partial class DialectTests
{
    const int WidestLine = 160;

    /// <summary>
    /// What a caller gives up is <c>cancellation</c>. A task that goes on until something happens may name that instead.
    /// </summary>
    static readonly string[] TokenNames = ["cancellation", "stop", "stopping", "ended", "over", "aborted", "_"];

    const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly IReadOnlyList<MethodBase> OurMethods = [.. Assemblies().SelectMany(assembly => assembly.GetTypes()).SelectMany(Own)];

    [Fact]
    public void A_parameter_that_cancels_is_called_cancellation_or_after_what_ends_the_task()
    {
        var tokens = OurMethods.SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(CancellationToken));

        Assert.NotEmpty(tokens);
        AssertNone(tokens.Where(token => !TokenNames.Contains(token.Name) && !IsProperty(token))
            .Select(token => $"{Named(token.Member)}({token.Name})"));
    }

    [Fact]
    public void A_method_that_returns_a_task_ends_in_Async()
    {
        var awaited = OurMethods.OfType<MethodInfo>()
            .Where(method => IsTask(method.ReturnType) && WrittenName(method) is not (null or "Main")).ToList();

        Assert.NotEmpty(awaited);
        AssertNone(awaited.Where(method => !WrittenName(method)!.EndsWith("Async", StringComparison.Ordinal)).Select(Named));
    }

    [Fact]
    public void No_line_is_wider_than_160_columns()
    {
        var folders = new[] { "src", "tests", "bench" }.Select(folder => Path.Combine(Repository.Root, folder));
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));
        AssertNone(files.SelectMany(file => File.ReadLines(Path.Combine(Repository.Root, file))
            .Select((line, index) => (Line: line, Place: $"{file}:{index + 1}"))
            .Where(line => line.Line.Length > WidestLine)
            .Select(line => line.Place)));
    }

    /// <summary>The command line uses every one of them, so they lie beside this test.</summary>
    static IEnumerable<Assembly> Assemblies() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Select(project => Assembly.Load(project == "Millrace.Cli" ? "millrace" : project));

    /// <summary>
    /// Without what overrides or implements a member of a type that is not ours, as a delegate does; with lambdas and local functions.
    /// </summary>
    static IEnumerable<MethodBase> Own(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate))) return [];
        var foreign = type.IsInterface || type.ContainsGenericParameters ? [] : type.GetInterfaces().Where(other => !IsOurs(other));
        var prescribed = foreign.SelectMany(other => type.GetInterfaceMap(other).TargetMethods).ToHashSet();
        return
        [
            .. type.GetConstructors(Declared),
            .. type.GetMethods(Declared).Where(method => IsOurs(method.GetBaseDefinition().DeclaringType!) && !prescribed.Contains(method)),
        ];
    }

    /// <summary>What sets a property is called as that is: a record's parameter, an accessor's value.</summary>
    static bool IsProperty(ParameterInfo parameter) =>
        parameter.Member is MethodInfo { IsSpecialName: true } || parameter.Member.DeclaringType!.GetProperty(parameter.Name!) is not null;

    static bool IsOurs(Type type) => type.Assembly.GetName().Name!.StartsWith("millrace", StringComparison.OrdinalIgnoreCase);

    static bool IsTask(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask)
        || type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>));

    /// <summary>
    /// The name in the source, of a local function too; null for what has none: accessors, lambdas, what the compiler adds.
    /// </summary>
    static string? WrittenName(MethodInfo method) =>
        method.IsSpecialName ? null
        : LocalFunction().Match(method.Name) is { Success: true } local ? local.Groups[1].Value
        : method.Name.Contains('<', StringComparison.Ordinal) ? null
        : method.Name[(method.Name.LastIndexOf('.') + 1)..];

    static string Named(MemberInfo member) => $"{member.DeclaringType!.FullName}.{member.Name}";

    static void AssertNone(IEnumerable<string> violations) =>
        Assert.True(!violations.Any(), string.Join('\n', violations.Distinct().Order(StringComparer.Ordinal)));

    [GeneratedRegex(@"g__(\w+)\|")]
    private static partial Regex LocalFunction();
}
