namespace Millrace.Cli.Documents;

/// <summary>The one word for a state, in JSON and on the screen.</summary>
static class StateWord
{
    public static string Of<T>(T state) where T : struct, Enum => state.ToString().ToLowerInvariant();
}
