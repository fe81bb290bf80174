using Shop.ServiceDefaults;

namespace Shop.Gateway.RateLimiting;

internal static class RateLimitSetup
{
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<RateLimitOptions>(RateLimitOptions.Section);
        builder.Services.AddConnectionString(
            "cache",
            "the Redis that all replicas share; without it each replica keeps to itself",
            SettingNeed.Optional
        );
        builder.Services.AddSingleton<CacheConnection>();
        builder.Services.AddHealthChecks().AddCheck<CacheHealth>("cache");
        builder.Services.AddSingleton<SharedBuckets>();
        builder.Services.AddSingleton<RateLimiter>();
    }
}
