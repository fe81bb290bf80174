namespace Shop.Users.Domain;

/// <summary>What a person may be. The same words are in tokens and in the authorization policies.</summary>
internal static class Roles
{
    public const string Customer = "customer";
    public const string Operator = "operator";
    public const string Admin = "admin";

    /// <summary>All of them, in the order in which they are told.</summary>
    public static readonly IReadOnlyList<string> All = [Customer, Operator, Admin];

    /// <summary>Whether a person can have these: at least one, each known, none twice.</summary>
    public static bool AreValid(IReadOnlyCollection<string?> roles) =>
        roles.Count > 0 && roles.All(role => All.Contains(role)) && roles.Distinct().Count() == roles.Count;
}
