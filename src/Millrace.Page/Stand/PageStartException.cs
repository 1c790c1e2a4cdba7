namespace Millrace.Page.Stand;

/// <summary>The page can't start; the message says why and what to do.</summary>
public sealed class PageStartException(string message, Exception inner) : Exception(message, inner);
