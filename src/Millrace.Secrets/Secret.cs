using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Millrace.Secrets;

/// <summary>
/// A password, or whatever else nobody may see by accident. It prints as <c>***</c>, in a record that holds it, in a log and in JSON alike;
/// who needs the text says <see cref="Reveal"/>. Immutable.
/// </summary>
[DebuggerDisplay(Hidden)]
[JsonConverter(typeof(SecretJsonConverter))]
public sealed class Secret : IEquatable<Secret>
{
    internal const string Hidden = "***";

    readonly string _text;

    public Secret(string text) => _text = text;

    public static Secret None { get; } = new("");

    public bool IsEmpty => _text.Length == 0;

    public static implicit operator Secret(string text) => new(text);

    public string Reveal() => _text;

    /// <summary>
    /// Takes as long for a wrong text as for the right one, whatever its length: bytes of different lengths are told apart at once, so
    /// their hashes are compared.
    /// </summary>
    public bool Matches(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), Hash(_text));

    public bool Equals(Secret? other) => other is not null && Matches(other._text);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Hidden;

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
