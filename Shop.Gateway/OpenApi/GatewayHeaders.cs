namespace Shop.Gateway.OpenApi;

/// <summary>The headers that every answer has, whoever gives it.</summary>
internal static class GatewayHeaders
{
    /// <summary>What each of them says.</summary>
    public static IReadOnlyDictionary<string, string> About { get; } =
        new Dictionary<string, string>
        {
            ["X-Correlation-ID"] = "The id by which everything that was done for the request is found.",
            ["RateLimit"] = "What is left of the caller's requests, and in how many seconds all are there again.",
            ["RateLimit-Policy"] = "How many requests the caller has, and in how many seconds.",
            ["RateLimit-Limit"] = "How many requests the caller has.",
            ["RateLimit-Remaining"] = "How many of them are left.",
            ["RateLimit-Reset"] = "In how many seconds all are there again.",
        };
}
