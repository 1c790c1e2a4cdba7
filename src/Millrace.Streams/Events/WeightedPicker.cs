namespace Millrace.Streams.Events;

/// <summary>Picks an index as often as its weight says, in constant time: Vose's alias method. Immutable.</summary>
sealed class WeightedPicker
{
    readonly double[] _keep;
    readonly int[] _alias;

    /// <param name="weights">At least one, none negative, not all 0.</param>
    public WeightedPicker(IReadOnlyList<double> weights)
    {
        var average = weights.Sum() / weights.Count;
        var scaled = weights.Select(weight => weight / average).ToArray();
        _keep = Enumerable.Repeat(1.0, weights.Count).ToArray();
        _alias = new int[weights.Count];
        var small = new Stack<int>(Enumerable.Range(0, weights.Count).Where(i => scaled[i] < 1));
        var large = new Stack<int>(Enumerable.Range(0, weights.Count).Where(i => scaled[i] >= 1));
        while (small.TryPop(out var less) && large.TryPop(out var more))
        {
            (_keep[less], _alias[less]) = (scaled[less], more);
            scaled[more] -= 1 - scaled[less];
            (scaled[more] < 1 ? small : large).Push(more);
        }
    }

    public int Pick(EventRandom random)
    {
        var column = random.Below(_keep.Length);
        return random.Chance(_keep[column]) ? column : _alias[column];
    }
}
