namespace Shop.Gateway.OpenApi;

/// <summary>The headers that the gateway adds to every response.</summary>
internal static class GatewayHeaders
{
    /// <summary>What each of them says.</summary>
    public static IReadOnlyDictionary<string, string> About { get; } =
        new Dictionary<string, string>
        {
            ["X-Correlation-ID"] = "The id by which everything that was done for the request is found.",
            ["RateLimit"] =
                "How many requests the caller has left, and in how many seconds the full number is available again.",
            ["RateLimit-Policy"] = "How many requests the caller has, and in how many seconds.",
            ["RateLimit-Limit"] = "How many requests the caller has.",
            ["RateLimit-Remaining"] = "How many of them are left.",
            ["RateLimit-Reset"] = "In how many seconds the full number is available again.",
        };
}
