namespace Millrace.Page.Http;

/// <summary>A request that can't be answered as it is.</summary>
/// <param name="status">Of HTTP.</param>
/// <param name="message">One sentence: what is wrong, and what to do.</param>
sealed class RefusedException(int status, string message) : Exception(message)
{
    public int Status => status;
}
