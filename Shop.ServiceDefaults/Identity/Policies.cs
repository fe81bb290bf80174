namespace Shop.ServiceDefaults;

/// <summary>Authorization policies by name. The default policy asks for an authenticated user of any role.</summary>
public static class Policies
{
    /// <summary>Runs the shop day by day: restocking, shipping, dead letters. Operators and admins.</summary>
    public const string Operator = "operator";

    /// <summary>May do everything. Admins only.</summary>
    public const string Admin = "admin";
}
