namespace Shop.ServiceDefaults.Identity;

/// <summary>The configuration section <c>Identity</c>, as far as it says whose tokens count.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>
    /// Who must have issued a token: the gateway's public address, with https, as it stands in the claim <c>iss</c>. In
    /// Development <c>http://localhost:8080/</c> unless it is set.
    /// </summary>
    [RequiredOutsideDevelopment("the gateway's public address")]
    public string? Issuer { get; set; }

    /// <summary>Where the issuer's discovery document is fetched from, inside of the system.</summary>
    public string Authority { get; set; } = "https+http://users";
}
