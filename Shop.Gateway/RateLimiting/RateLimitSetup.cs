namespace Shop.Gateway.RateLimiting;

internal static class RateLimitSetup
{
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<RateLimitOptions>()
            .Bind(builder.Configuration.GetSection(RateLimitOptions.Section))
            .Validate(
                limits =>
                    limits.Reads.IsValid
                    && limits.Writes.IsValid
                    && limits.SignIns.IsValid
                    && limits.SignInsPerAccount.IsValid,
                $"In {RateLimitOptions.Section} each Burst must be at least 1 and each PerSecond more than 0."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton<CacheConnection>();
        builder.Services.AddHealthChecks().AddCheck<CacheHealth>("cache");
        builder.Services.AddSingleton<SharedBuckets>();
        builder.Services.AddSingleton<RateLimiter>();
    }
}
