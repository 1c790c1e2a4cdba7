namespace Millrace.ClickHouse.Sql;

/// <summary>What a token is.</summary>
public enum SqlTokenKind
{
    /// <summary>A keyword, an identifier without quotes, or a number.</summary>
    Word,

    /// <summary>A string or a quoted identifier, quotes included.</summary>
    Quoted,

    /// <summary>One character of anything else.</summary>
    Symbol,
}

/// <summary>
/// Cuts a statement into tokens by the rules of ClickHouse's src/Parsers/Lexer.cpp, as far as finding clauses needs them. Works on UTF-8:
/// every delimiter is ASCII.
/// </summary>
/// <param name="text">What is to be cut.</param>
/// <param name="mayGoOn">More text may follow: a <c>$tag$</c> that has no end yet begins a string. In a whole text it is a word.</param>
public ref struct SqlScanner(ReadOnlySpan<byte> text, bool mayGoOn = false)
{
    readonly ReadOnlySpan<byte> _text = text;
    int _end;

    public SqlTokenKind Kind { get; private set; }

    public int Start { get; private set; }

    /// <summary>Exclusive.</summary>
    public readonly int End => _end;

    public readonly ReadOnlySpan<byte> Token => _text[Start.._end];

    /// <summary>Brackets open before the token.</summary>
    public int Depth { get; private set; }

    public readonly bool IsWord(ReadOnlySpan<byte> upperCase) =>
        Kind == SqlTokenKind.Word && System.Text.Ascii.EqualsIgnoreCase(Token, upperCase);

    public readonly bool IsSymbol(char symbol) => Kind == SqlTokenKind.Symbol && _text[Start] == symbol;

    /// <summary>Whether the text ends, as far as it was read, inside of quotes or of a comment that more text could close.</summary>
    public bool IsOpen { get; private set; }

    /// <returns>False at the end of the text; an unclosed quote or comment runs up to it.</returns>
    public bool MoveNext()
    {
        if (_end > 0 && Kind == SqlTokenKind.Symbol && _text[Start] is (byte)'(' or (byte)'[' or (byte)'{') Depth++;
        Start = SkipBlanks(_end);
        if (Start >= _text.Length) return false;
        var first = _text[Start];
        if (IsWordByte(first)) ReadWord();
        else if (first is (byte)'\'' or (byte)'"' or (byte)'`') ReadQuoted(first);
        else if (first == '$') ReadDollar();
        else ReadSymbol(first);
        return true;
    }

    void ReadWord()
    {
        Kind = SqlTokenKind.Word;
        for (_end = Start + 1; _end < _text.Length && (IsWordByte(_text[_end]) || _text[_end] == '$');) _end++;
    }

    // A quote inside is doubled or follows a backslash.
    void ReadQuoted(byte quote)
    {
        Kind = SqlTokenKind.Quoted;
        for (_end = Start + 1; _end < _text.Length; _end++)
        {
            if (_text[_end] == '\\') _end++;
            else if (_text[_end] == quote && !IsAt(_end + 1, quote)) break;
            else if (_text[_end] == quote) _end++;
        }
        IsOpen = _end >= _text.Length;
        _end = Math.Min(_end + 1, _text.Length);
    }

    // A string between two of the same $tag$, or a word, or the sign alone.
    void ReadDollar()
    {
        var tag = HeredocTag();
        var body = Start + tag.Length;
        var close = tag.IsEmpty ? -1 : _text[body..].IndexOf(tag);
        if (close < 0 && !(mayGoOn && IsTag(tag)))
        {
            if (Start + 1 < _text.Length && IsWordByte(_text[Start + 1])) ReadWord();
            else ReadSymbol((byte)'$');
            return;
        }
        Kind = SqlTokenKind.Quoted;
        IsOpen = close < 0;
        _end = close < 0 ? _text.Length : body + close + tag.Length;
    }

    void ReadSymbol(byte symbol)
    {
        Kind = SqlTokenKind.Symbol;
        _end = Start + 1;
        if (symbol is (byte)')' or (byte)']' or (byte)'}') Depth--;
    }

    // $tag$ with its dollars, whatever stands between them, up to the first dollar; empty where there is no second one.
    readonly ReadOnlySpan<byte> HeredocTag()
    {
        var close = _text[(Start + 1)..].IndexOf((byte)'$');
        return close < 0 ? default : _text.Slice(Start, close + 2);
    }

    static bool IsTag(ReadOnlySpan<byte> tag)
    {
        if (tag.IsEmpty) return false;
        foreach (var b in tag[1..^1])
            if (!IsWordByte(b)) return false;
        return true;
    }

    int SkipBlanks(int at)
    {
        while (at < _text.Length)
        {
            if (_text[at] is (byte)' ' or (>= 9 and <= 13)) at++;
            else if (StartsLineComment(at)) at = EndOf(at, "\n"u8);
            else if (_text[at..].StartsWith("/*"u8))
            {
                IsOpen = _text[(at + 2)..].IndexOf("*/"u8) < 0;
                at = EndOf(at + 2, "*/"u8);
            }
            else break;
        }
        return at;
    }

    readonly bool StartsLineComment(int at)
    {
        var rest = _text[at..];
        return rest.StartsWith("--"u8) || rest.StartsWith("# "u8) || rest.StartsWith("#!"u8) || rest.StartsWith("//"u8);
    }

    readonly int EndOf(int from, ReadOnlySpan<byte> mark)
    {
        var found = _text[from..].IndexOf(mark);
        return found < 0 ? _text.Length : from + found + mark.Length;
    }

    readonly bool IsAt(int at, byte value) => at < _text.Length && _text[at] == value;

    static bool IsWordByte(byte b) => b == '_' || b >= 0x80 || char.IsAsciiLetterOrDigit((char)b);
}
