namespace Millrace.Streams.Events;

/// <summary>
/// An option of the emitter has a value it can't have.
/// The message is one sentence: the variable, the value, the allowed values.
/// </summary>
public sealed class EmitterOptionException(string message) : Exception(message)
{
    internal static EmitterOptionException For(string variable, string value, string allowed) =>
        new($"{variable} is '{value}'; it must be {allowed}");
}
