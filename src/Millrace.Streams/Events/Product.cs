namespace Millrace.Streams.Events;

/// <summary>Something the shop sells. Immutable.</summary>
/// <param name="Category">JSON already, quotes included.</param>
/// <param name="Price">Of one piece, in hundredths of the currency.</param>
sealed record Product(int Id, byte[] Category, long Price);
