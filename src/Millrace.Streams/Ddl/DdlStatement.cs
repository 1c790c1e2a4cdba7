namespace Millrace.Streams.Ddl;

/// <summary>One step of a plan. Immutable.</summary>
/// <param name="Why">What makes it necessary, in a few words.</param>
public sealed record DdlStatement(string Sql, string Why);
