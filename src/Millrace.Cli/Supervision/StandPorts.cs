using Millrace.Cli.Documents;

namespace Millrace.Cli.Supervision;

/// <summary>The ports that the stand's own servers may take. Immutable.</summary>
/// <param name="Choices">By service.</param>
sealed record StandPorts(IReadOnlyDictionary<string, PortChoice> Choices)
{
    public static StandPorts None { get; } = new(new Dictionary<string, PortChoice>());

    /// <summary>Those that are known before their servers have taken them, by service.</summary>
    public IReadOnlyDictionary<string, int> Known =>
        Choices.Where(pair => pair.Value.IsFixed).ToDictionary(pair => pair.Key, pair => pair.Value.First);

    public bool AreAllKnown => Choices.Values.All(choice => choice.IsFixed);

    /// <returns>null where the service will say it, or is none of the stand's own.</returns>
    public int? Fixed(string service) => Choices.GetValueOrDefault(service) is { IsFixed: true } choice ? choice.First : null;

    /// <summary>For the service's next process: once clients know a port it stays, also when the process is another.</summary>
    public PortChoice For(string service, StandState known) => known.Ports.TryGetValue(service, out var port)
        ? Choices[service] with { First = port, Others = [] }
        : Choices[service];

    /// <summary>Those of the services that will say which port they took: whoever has to be told it waits for them.</summary>
    public IReadOnlyList<string> Open(params IEnumerable<string> services) =>
        [.. services.Where(service => Choices.GetValueOrDefault(service) is { IsFixed: false })];
}
