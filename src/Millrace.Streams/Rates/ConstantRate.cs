namespace Millrace.Streams.Rates;

/// <summary>The same rate all the time. Immutable.</summary>
/// <param name="PerSecond">Above 0.</param>
sealed record ConstantRate(double PerSecond) : RateProfile
{
    public override double DueBy(double seconds) => PerSecond * seconds;

    public override double At(double seconds) => PerSecond;
}
