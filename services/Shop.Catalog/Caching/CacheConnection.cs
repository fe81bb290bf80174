using StackExchange.Redis;

namespace Shop.Catalog.Caching;

/// <summary>The shared cache (Redis), if there is one. It connects by itself, again and again, and nobody waits for it.</summary>
internal sealed class CacheConnection : IDisposable
{
    public const string ConnectionName = "cache";

    public CacheConnection(IConfiguration configuration)
    {
        if (configuration.GetConnectionString(ConnectionName) is { Length: > 0 } address)
        {
            var options = ConfigurationOptions.Parse(address);
            options.AbortOnConnectFail = false;
            options.ConnectTimeout = 1000;
            options.AsyncTimeout = 1000;
            options.SyncTimeout = 1000;
            // While it is away a request is told at once and goes to the database.
            options.BacklogPolicy = BacklogPolicy.FailFast;
            Redis = ConnectionMultiplexer.Connect(options);
        }
    }

    /// <summary>Null where a process has no shared cache: it keeps products in its own memory alone.</summary>
    public ConnectionMultiplexer? Redis { get; }

    public void Dispose() => Redis?.Dispose();
}
