namespace Shop.AppHost.Infrastructure.Azure;

/// <summary>What the services have to know in production of the addresses under which the shop is reached.</summary>
internal static class PublicAddress
{
    /// <summary>
    /// The networks of a proxy in front of the gateway: private ones, and the shared one that Container Apps uses. No
    /// client on the internet has such an address, so none can pass for a proxy.
    /// </summary>
    private static readonly string[] s_proxies =
    [
        "10.0.0.0/8",
        "100.64.0.0/10",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fd00::/8",
    ];

    /// <summary>
    /// The gateway's public address, with a slash at the end: <c>Shop:PublicAddress</c>, or the one that Azure gives it.
    /// </summary>
    /// <exception cref="DistributedApplicationException"><c>Shop:PublicAddress</c> is no https address of a site.</exception>
    public static ReferenceExpression Of(IResourceBuilder<ProjectResource> gateway) =>
        Read(gateway, "Shop:PublicAddress") is { } address
            ? ReferenceExpression.Create($"{address}")
            : ReferenceExpression.Create($"{gateway.GetEndpoint("https")}/");

    /// <summary>The gateway is open to the internet, and believes the proxy in front of it.</summary>
    public static IResourceBuilder<ProjectResource> WithPublicEndpoints(this IResourceBuilder<ProjectResource> gateway)
    {
        gateway
            .WithHttpEndpoint()
            .WithHttpsEndpoint()
            .WithExternalHttpEndpoints()
            // The proxy ends TLS. Both endpoints are one port of the container, which speaks plain HTTP.
            .WithEndpointsInEnvironment(endpoint => endpoint.UriScheme != Uri.UriSchemeHttps);
        for (var i = 0; i < s_proxies.Length; i++)
            gateway.WithEnvironment($"Gateway__TrustedProxies__{i}", s_proxies[i]);
        return gateway;
    }

    /// <summary>
    /// What Shop.Users needs to issue tokens in production: the key that encrypts its keys, and the addresses of the storefront
    /// to which people return after they sign in and out.
    /// </summary>
    public static void WithTokenIssuer(this IResourceBuilder<ProjectResource> users, ReferenceExpression gatewayAddress)
    {
        // 43 letters and digits are 32 bytes in Base64, with the sign that fills up the last group.
        var key = users.ApplicationBuilder.AddGeneratedSecret("identity-key", length: 43);
        users
            .WithEnvironment("Identity__KeyEncryptionKey", ReferenceExpression.Create($"{key}="))
            .WithEnvironment(
                "Identity__Storefront__RedirectUris__0",
                ReferenceExpression.Create($"{gatewayAddress}signin-oidc")
            )
            .WithEnvironment(
                "Identity__Storefront__PostLogoutRedirectUris__0",
                ReferenceExpression.Create($"{gatewayAddress}signout-callback-oidc")
            );
    }

    private static string? Read(IResourceBuilder<ProjectResource> project, string setting)
    {
        if (project.ApplicationBuilder.Configuration[setting] is not { Length: > 0 } text)
            return null;
        return
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps
            && address.PathAndQuery == "/"
            && address.Fragment.Length == 0
            ? address.AbsoluteUri
            : throw new DistributedApplicationException(
                $"{setting} is '{text}'; set it to an https address without a path, such as https://shop.example.com."
            );
    }
}
