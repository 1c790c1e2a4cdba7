namespace Millrace.Streams.Definition;

/// <summary>What somebody meant who misspelt a word.</summary>
public static class NearestWord
{
    /// <summary>One letter in three may be wrong, added or left out: with more, it is more likely another word.</summary>
    const int LettersForEachFault = 3;

    /// <summary>In the middle of a sentence; empty where no word is near.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Hint(Find(word, known));

    /// <param name="meant">null for nothing to say.</param>
    public static string Hint(string? meant) => meant is null ? "" : $" (did you mean '{meant}'?)";

    /// <returns>The nearest of the known words, of those as near the first; null where none is near.</returns>
    public static string? Find(string word, IEnumerable<string> known) => known
        .Select(one => (Word: one, Faults: Faults(word.ToUpperInvariant(), one.ToUpperInvariant())))
        .Where(one => one.Faults <= Math.Max(word.Length, one.Word.Length) / LettersForEachFault)
        .OrderBy(one => one.Faults)
        .Select(one => one.Word)
        .FirstOrDefault();

    /// <summary>Letters to add, leave out or change, and neighbours to swap (optimal string alignment).</summary>
    static int Faults(string word, string other)
    {
        // A row for each letter of the word, of which the last three are needed.
        int[] before = [], above = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= word.Length; i++)
        {
            var row = new int[other.Length + 1];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = above[j - 1] + (word[i - 1] == other[j - 1] ? 0 : 1);
                row[j] = Math.Min(changed, Math.Min(above[j], row[j - 1]) + 1);
                var isSwapped = i > 1 && j > 1 && word[i - 1] == other[j - 2] && word[i - 2] == other[j - 1];
                if (isSwapped) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, above) = (above, row);
        }
        return above[^1];
    }
}
