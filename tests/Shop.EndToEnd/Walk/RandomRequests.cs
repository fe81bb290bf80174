using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd.Walk;

/// <summary>
/// Requests as an API's description allows them, and more often some that it does not; the same for the same seed, but for the
/// ids that the shop gives.
/// </summary>
internal sealed partial class RandomRequests
{
    private readonly Random _random;
    private readonly RandomBodies _bodies;
    private readonly Walkers _walkers;
    private readonly Operation[] _operations;
    private int _next;

    public RandomRequests(int seed, ApiDescription api, Walkers walkers)
    {
        _random = new Random(seed);
        _walkers = walkers;
        _bodies = new RandomBodies(_random, api, walkers);
        _operations = [.. api.Operations];
        _random.Shuffle(_operations);
    }

    /// <summary>Those that there was a request for.</summary>
    public HashSet<string> Asked { get; } = [];

    /// <summary>The next request: every operation in turn, in the name of anybody.</summary>
    public WalkRequest Next()
    {
        var operation = NextOperation();
        Asked.Add($"{operation}");
        var path = operation.Path;
        var query = new List<string>();
        var headers = new List<(string, string)>();
        foreach (var parameter in operation.Described["parameters"]?.AsArray() ?? [])
        {
            var name = parameter!["name"]!.GetValue<string>();
            switch (parameter["in"]!.GetValue<string>())
            {
                case "path":
                    path = path.Replace(
                        $"{{{name}}}",
                        PathValue(operation, parameter["schema"]!),
                        StringComparison.Ordinal
                    );
                    break;
                case "query" when Chance(0.5):
                    query.Add($"{name}={QueryValue(name, operation, parameter["schema"]!)}");
                    break;
                case "header" when Chance(0.7):
                    headers.Add((name, Chance(0.3) ? "*" : Pick(OddValues.Headers)));
                    break;
            }
        }

        if (Chance(0.2))
            headers.Add(("Accept", Pick(OddValues.Accepts)));
        if (Chance(0.05))
            query.Add("unknown=" + Pick(OddValues.Encoded).Replace("{0}", "other", StringComparison.Ordinal));
        string? body = null;
        if (Chance(0.97) && _bodies.Next(operation) is var (type, content))
        {
            body = content;
            if (Chance(0.95))
                headers.Add(("Content-Type", Chance(0.07) ? Pick(OddValues.ContentTypes) : type));
        }

        var target = query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
        return new WalkRequest(operation, Pick(Walkers.Callers), target, headers, body);
    }

    /// <summary>What operators do with dead letters is the same for each service, so each is seen less often after the first time.</summary>
    private Operation NextOperation()
    {
        while (true)
        {
            var operation = _operations[_next++ % _operations.Length];
            if (
                !operation.Path.StartsWith("/api/operations/", StringComparison.Ordinal)
                || !Asked.Contains($"{operation}")
                || Chance(0.2)
            )
                return operation;
        }
    }

    private string PathValue(Operation operation, JsonNode schema)
    {
        if (Chance(0.8))
        {
            return schema["format"]?.GetValue<string>() == "uuid"
                ? _walkers.IdFor(operation.Path, _random)
                : _random.Next(1000).ToString(CultureInfo.InvariantCulture);
        }

        // Segments that are dots lead elsewhere, none at all does, and NUL is no HTTP.
        var value = Pick(OddValues.Texts).Trim('.', ' ', '\0').Replace("\0", "", StringComparison.Ordinal);
        return Uri.EscapeDataString(value.Length == 0 ? "-" : value[..Math.Min(value.Length, 150)]);
    }

    private string QueryValue(string name, Operation operation, JsonNode schema)
    {
        if (Chance(0.1))
            return Pick(OddValues.Encoded).Replace("{0}", name, StringComparison.Ordinal);
        if (Chance(0.4))
        {
            // All of them together have to fit into a request line.
            var odd = Pick(OddValues.Texts);
            return Uri.EscapeDataString(odd[..Math.Min(odd.Length, 150)]);
        }

        var right =
            Plural().IsMatch(name) ? $"{_walkers.IdFor(operation.Path, _random)},{Guid.Empty}"
            : schema["format"]?.GetValue<string>() == "uuid" ? _walkers.IdFor("/api/users/", _random)
            : Convert.ToString(_bodies.Right(schema), CultureInfo.InvariantCulture) ?? "";
        return Uri.EscapeDataString(right);
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    [GeneratedRegex("^(ids|.*Ids)$")]
    private static partial Regex Plural();
}
