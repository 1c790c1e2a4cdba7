using Millrace.Page.Stand;
using Millrace.Testing;

namespace Millrace.Page.Tests;

public sealed class SharedTests
{
    readonly List<TaskCompletionSource<string>> _made = [];

    Shared<string> New(TimeSpan keep) => new(
        () =>
        {
            lock (_made)
            {
                _made.Add(new TaskCompletionSource<string>());
                return _made[^1].Task;
            }
        },
        keep,
        TimeProvider.System);

    Task Made(int count) => Eventually.Holds(() => { lock (_made) return _made.Count == count; }, $"{count} answers are made");

    [Fact]
    public async Task Who_comes_while_an_answer_is_made_gets_it_and_who_comes_after_it_a_new_one()
    {
        var shared = New(TimeSpan.Zero);

        var (first, second) = (shared.GetAsync(CancellationToken.None), shared.GetAsync(CancellationToken.None));
        await Made(1);
        _made[0].SetResult("first");
        Assert.Equal(("first", "first"), (await first, await second));

        var third = shared.GetAsync(CancellationToken.None);
        await Made(2);
        _made[1].SetResult("second");
        Assert.Equal("second", await third);
    }

    [Fact]
    public async Task An_answer_is_kept_for_its_time_trouble_too()
    {
        var shared = New(TimeSpan.FromHours(1));
        var first = shared.GetAsync(CancellationToken.None);
        await Made(1);
        _made[0].SetException(new InvalidOperationException("away"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => shared.GetAsync(CancellationToken.None));
        await Made(1);
    }

    [Fact]
    public async Task Whoever_goes_away_ends_no_answer_of_the_others()
    {
        var shared = New(TimeSpan.Zero);
        using var gone = new CancellationTokenSource();
        var (first, second) = (shared.GetAsync(gone.Token), shared.GetAsync(CancellationToken.None));
        await Made(1);

        await gone.CancelAsync();
        _made[0].SetResult("for the others");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("for the others", await second);
    }
}
