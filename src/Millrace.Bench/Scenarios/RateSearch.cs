namespace Millrace.Bench.Scenarios;

/// <summary>
/// Looks for the highest rate that is held: doubles it with short trials until one fails, then halves the distance with whole ones. Nothing
/// is called held that was not held in a whole trial.
/// </summary>
/// <param name="highest">No higher rate is tried.</param>
/// <param name="trial">Whether a rate is held, in a whole trial or a short one.</param>
sealed class RateSearch(int highest, Func<int, bool, Task<bool>> trial)
{
    /// <summary>Events a second; a slow machine's search goes down from here.</summary>
    public const int First = 8000;

    /// <summary>Where the search ends: the rate that is held and the lowest that is not are no further apart than so many times.</summary>
    const double Near = 1.1;

    int _held; // 0: not known of any
    int _whole; // the highest that was held in a whole trial; 0: none was
    int? _failed;

    /// <returns>0 where not even one event a second is held; no failed rate where every one is held.</returns>
    public async Task<(int Held, int? Failed)> RunAsync()
    {
        await BoundAsync().ConfigureAwait(false);
        while (_held > 0 && Between() is { } rate) await TryAsync(rate, isWhole: true).ConfigureAwait(false);
        while (_whole < _held && !await TryAsync(_held, isWhole: true).ConfigureAwait(false))
            _held = Math.Max(_whole, Math.Min(_failed!.Value - 1, Rounded(_failed.Value / Near)));
        return (_held, _failed);
    }

    /// <summary>Finds a rate that seems to be held, and one above it that is not.</summary>
    async Task BoundAsync()
    {
        var first = Math.Min(First, highest);
        for (var rate = first; rate <= highest; rate = rate > highest / 2 && rate < highest ? highest : rate * 2)
            if (!await TryAsync(rate, isWhole: false).ConfigureAwait(false)) break;
        for (var rate = first / 2; _held == 0 && rate > 0; rate /= 2) await TryAsync(rate, isWhole: false).ConfigureAwait(false);
    }

    async Task<bool> TryAsync(int rate, bool isWhole)
    {
        var isHeld = await trial(rate, isWhole).ConfigureAwait(false);
        if (!isHeld) _failed = rate;
        else if (isWhole) _held = _whole = rate;
        else _held = rate;
        return isHeld;
    }

    /// <returns>null where the two are near enough.</returns>
    int? Between()
    {
        if (_failed is not { } failed || failed <= _held * Near) return null;
        var rate = Rounded(Math.Sqrt((double)_held * failed));
        return rate > _held && rate < failed ? rate : null;
    }

    /// <summary>Two digits: no measurement is more exact.</summary>
    static int Rounded(double rate)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(rate, 1))) - 1));
        return (int)(Math.Round(rate / unit) * unit);
    }
}
