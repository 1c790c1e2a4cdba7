using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Page.Http;

namespace Millrace.Page.Records;

/// <summary>An offset of each of some partitions, as an address writes it: <c>0:12,1:40</c>.</summary>
static class OffsetMap
{
    /// <exception cref="RefusedException">It is none.</exception>
    public static IReadOnlyDictionary<int, long> Read(string text)
    {
        var map = new Dictionary<int, long>();
        foreach (var place in text.Split(','))
        {
            if (place.Split(':') is not [var left, var right]
                || !int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                || !long.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
                throw new RefusedException(
                    StatusCodes.Status400BadRequest, "A place in a topic is written as partition:offset,partition:offset.");
            map[partition] = offset;
        }
        return map;
    }

    public static string Write(IReadOnlyDictionary<int, long> map) =>
        string.Join(',', map.OrderBy(place => place.Key)
            .Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.Key}:{place.Value}")));
}
