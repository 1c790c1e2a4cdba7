using System.CommandLine;
using Millrace.Cli.Documents;

namespace Millrace.Cli.CommandLine;

/// <summary>What the user gave of an option, and what counts where nothing was given.</summary>
static class GivenOptions
{
    /// <summary>Whether it stands on the command line.</summary>
    public static bool Gives(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>In words, for a second <c>up</c> to compare.</summary>
    public static StandSetting Setting<T>(this ParseResult parsed, Option<T> option)
    {
        var value = parsed.GetValue(option);
        return new(option.Name, value is string[] words ? string.Join(' ', words) : $"{value}", parsed.Gives(option));
    }
}
