using System.Text.Json;

namespace Shop.Deployment.Tests.SupplyChain;

/// <summary>The licences that a dependency may have: <c>eng/licences.json</c>.</summary>
internal sealed class Licences
{
    private readonly HashSet<string> _allowed;
    private readonly IReadOnlyDictionary<string, string> _unnamed;

    public Licences(IEnumerable<string> allowed, IReadOnlyDictionary<string, string> unnamed) =>
        (_allowed, _unnamed) = ([.. allowed], unnamed);

    /// <summary>The packages whose licence somebody has looked up, because they do not name it themselves.</summary>
    public IEnumerable<string> LookedUp => _unnamed.Keys;

    public static Licences Load()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("eng", "licences.json")));
        return new Licences(
            file.RootElement.GetProperty("allowed").EnumerateArray().Select(licence => licence.GetString()!),
            file.RootElement.GetProperty("packages that name no SPDX licence")
                .EnumerateObject()
                .ToDictionary(package => package.Name, package => package.Value.GetString()!)
        );
    }

    /// <summary>What is wrong with a package's licence, or null.</summary>
    /// <param name="package">Its name.</param>
    /// <param name="expression">An SPDX expression, or null when the package has none.</param>
    public string? Problem(string package, string? expression)
    {
        if (expression is null && !_unnamed.TryGetValue(package, out expression))
            return $"{package} names no SPDX licence: look it up, and add it to eng/licences.json.";
        return Allows(expression.Trim())
            ? null
            : $"{package} has the licence {expression}, which eng/licences.json does not allow: use another package, or decide to allow it.";
    }

    // Packages use AND and OR without nesting; anything else is not allowed until somebody has looked at it.
    private bool Allows(string expression) =>
        expression
            .Trim('(', ')')
            .Split(" OR ")
            .Any(choice => choice.Split(" AND ").All(licence => _allowed.Contains(licence.Trim('(', ')', ' '))));
}
