namespace Millrace.Streams.Events;

/// <summary>One visit of one user. Immutable. Text is JSON already, quotes included.</summary>
sealed record Session(Guid Id, int UserId, uint Ip, byte[] Country, byte[] Device, byte[] Referrer);
