using System.Text.RegularExpressions;

namespace Millrace.Streams.Expressions;

/// <summary>A part of an expression as ClickHouse understands it (EXPLAIN QUERY TREE). Immutable.</summary>
/// <param name="Kind">FUNCTION, COLUMN, CONSTANT, LAMBDA, or what is no part of a plain expression, such as QUERY.</param>
/// <param name="Name">Of a function or column; empty for others.</param>
/// <param name="Type">Of its value; empty for a lambda.</param>
/// <param name="Value">Of a constant, as the tree shows it.</param>
sealed partial record QueryTreeNode(string Kind, string Name, string Type, string Value, IReadOnlyList<QueryTreeNode> Parts)
{
    /// <summary>Whether it is computed from one row, as against from many.</summary>
    public bool IsOrdinary { get; private init; } = true;

    public bool IsConstant => Kind == "CONSTANT";

    public IEnumerable<QueryTreeNode> All => Parts.SelectMany(part => part.All).Prepend(this);

    /// <summary>Reads what a query selects, which must be one expression.</summary>
    /// <param name="lines">As ClickHouse writes the tree.</param>
    public static QueryTreeNode Read(IReadOnlyList<string> lines)
    {
        var nodes = lines.SkipWhile(line => line != "  PROJECTION").TakeWhile(line => line != "  JOIN TREE")
            .Select(line => NodeForm().Match(line)).Where(match => match.Success).ToList();
        var at = 0;
        return Read(nodes, ref at);
    }

    static QueryTreeNode Read(List<Match> nodes, ref int at)
    {
        var (node, depth) = (nodes[at], Depth(nodes[at]));
        at++;
        var parts = new List<QueryTreeNode>();
        while (at < nodes.Count && Depth(nodes[at]) > depth) parts.Add(Read(nodes, ref at));
        var (kind, rest) = (node.Groups["kind"].Value, node.Groups["rest"].Value);
        // What a constant was made of has been computed. The arguments of a lambda stand before its expression.
        return new QueryTreeNode(kind, NameForm().Match(rest).Groups["name"].Value, TypeForm().Match(rest).Groups["type"].Value,
            ValueForm().Match(rest).Groups["value"].Value, kind is "CONSTANT" or "COLUMN" ? [] : parts)
        {
            IsOrdinary = !rest.Contains("function_type:", StringComparison.Ordinal)
                || rest.Contains("function_type: ordinary", StringComparison.Ordinal),
        };
    }

    static int Depth(Match node) => node.Groups["indent"].Length;

    [GeneratedRegex(@"^(?<indent> *)(?<kind>(?!LIST\b)[A-Z_]+) id: [0-9]+(?:, (?<rest>.*))?\z", RegexOptions.Singleline)]
    private static partial Regex NodeForm();

    [GeneratedRegex(@"(?:function_name|column_name): (?<name>.+?), (?:function_type|result_type):")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"(?:result_type|constant_value_type): (?<type>.+?)(?:, source_id: [0-9]+)?\z")]
    private static partial Regex TypeForm();

    [GeneratedRegex(@"constant_value: (?<value>.*), constant_value_type:", RegexOptions.Singleline)]
    private static partial Regex ValueForm();
}
