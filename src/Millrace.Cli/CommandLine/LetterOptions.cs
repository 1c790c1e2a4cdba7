using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Millrace.Cli.Basics;
using Millrace.Streams.Letters;

namespace Millrace.Cli.CommandLine;

/// <summary>Which dead letters a command means.</summary>
sealed class LetterOptions
{
    readonly Option<string?> _stream = new("--stream")
    {
        HelpName = "STREAM",
        Description = "Those of one stream, or of its topic: of all unless given.",
    };

    readonly Option<string?> _reason = new("--reason")
    {
        HelpName = "TEXT",
        Description = "Those whose reason holds the text or, where it has a %, is like it.",
    };

    readonly Option<string?> _column = new("--column") { HelpName = "COLUMN", Description = "Those in which the column failed." };

    readonly Option<string?> _since = new("--since")
    {
        HelpName = "TIME",
        Description = "Those that came since: 90s, 15m, 2h or 7d ago, or a time such as 2026-01-02T03:04:05Z.",
        Validators = { result => Require(result, text => Since(text, DateTimeOffset.UnixEpoch) is not null, "90s, 15m, 2h, 7d or a time") },
    };

    readonly Option<string[]> _offsets = new("--offsets")
    {
        HelpName = "P:A-B",
        Description = "Those with offsets A to B, inclusive, of partition P; may be given several times.",
        Validators =
        {
            result =>
            {
                foreach (var token in result.Tokens.Where(token => LetterRange.Parse(token.Value) is null))
                    result.AddError($"--offsets takes PARTITION:FROM-TO such as 0:100-199, not '{token.Value}'.");
            },
        },
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_stream, _reason, _column, _since, _offsets]) command.Add(option);
    }

    /// <returns>null for all.</returns>
    public string? StreamOf(ParseResult parsed) => parsed.GetValue(_stream);

    public LetterFilter FilterOf(ParseResult parsed) => new()
    {
        Reason = parsed.GetValue(_reason),
        Column = parsed.GetValue(_column),
        Since = parsed.GetValue(_since) is { } since ? Since(since, TimeProvider.System.GetUtcNow()) : null,
        Offsets = [.. (parsed.GetValue(_offsets) ?? []).Select(text => LetterRange.Parse(text)!)],
    };

    /// <summary>For the sentence that says how to look at the same ones by another command.</summary>
    public string Words(ParseResult parsed) => string.Concat(
        new Option[] { _stream, _reason, _column, _since, _offsets }
            .Where(parsed.Gives)
            .SelectMany(option => parsed.GetResult(option)!.Tokens.Select(token => $" {option.Name} {Quoted(token.Value)}")));

    /// <returns>null where the text is neither an age nor a time.</returns>
    internal static DateTimeOffset? Since(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && uint.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count < 1_000_000)
        {
            TimeSpan? unit = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(1),
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                _ => null,
            };
            if (unit is { } one) return new DateTimeOffset(Math.Max(0, (now - one * count).UtcTicks), TimeSpan.Zero);
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || "_-:.%".Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static void Require(OptionResult result, Func<string, bool> isRight, string what)
    {
        if (result.GetValueOrDefault<string?>() is { } value && !isRight(value))
            result.AddError($"{result.Option.Name} takes {what}, not '{value}'.");
    }
}
