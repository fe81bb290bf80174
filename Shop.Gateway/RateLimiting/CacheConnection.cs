using StackExchange.Redis;

namespace Shop.Gateway.RateLimiting;

/// <summary>The cache that all replicas share, if there is one. It connects by itself, and nobody waits for it.</summary>
internal sealed class CacheConnection : IDisposable
{
    public CacheConnection(IConfiguration configuration)
    {
        if (configuration.GetConnectionString("cache") is { Length: > 0 } address)
        {
            var options = ConfigurationOptions.Parse(address);
            options.AbortOnConnectFail = false;
            options.ConnectTimeout = 1000;
            options.AsyncTimeout = 1000;
            options.SyncTimeout = 1000;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            Redis = ConnectionMultiplexer.Connect(options);
        }
    }

    /// <summary>Null where there is no cache: each replica counts for itself.</summary>
    public ConnectionMultiplexer? Redis { get; }

    public void Dispose() => Redis?.Dispose();
}
