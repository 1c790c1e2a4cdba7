using Millrace.Cli.Basics;

namespace Millrace.Cli.Documents;

/// <summary>
/// One option of <c>up</c> in words, so that a second <c>up</c> can tell whether it asks for another stand than the one that is up.
/// Immutable.
/// </summary>
/// <param name="Value">What counts, whether it was given or is the default; empty where the stand does without.</param>
/// <param name="IsGiven">The user gave it, on the command line or in the environment.</param>
sealed record StandSetting(string Option, string Value, bool IsGiven)
{
    /// <summary>A setting that was not given matches any.</summary>
    /// <exception cref="CliException">The stand is up with other settings than those that the user gave.</exception>
    public static void RequireSame(IReadOnlyList<StandSetting> asked, StandState stand, StandPaths paths)
    {
        var differences = asked.Where(setting => setting.IsGiven && stand.Settings.TryGetValue(setting.Option, out var value) && value != setting.Value)
            .Select(setting => setting.DifferenceFrom(stand.Settings[setting.Option])).ToList();
        if (differences.Count > 0)
            throw new CliException(
                ExitCodes.CannotStart,
                $"The stand on {paths.Data} runs {string.Join(", ", differences)}: stop it first with  {Self.Command} down");
    }

    string DifferenceFrom(string value) => value.Length > 0 ? $"with {Option} {value} instead of {Value}" : $"without {Option}";
}
