using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Shop.Catalog.Products;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace Shop.Catalog.Caching;

/// <summary>What the database said.</summary>
/// <param name="Product">Null when there is none.</param>
/// <param name="RemovalsBefore">The product's <see cref="ProductCache.RemovalsOf"/> before the database was asked.</param>
internal readonly record struct Loaded(ProductSnapshot? Product, long RemovalsBefore);

/// <summary>
/// Products that were read lately: in this process's memory, and in the cache that all replicas share. However many ask for
/// the same product at once, the database is asked once. A change removes the product everywhere after its commit.
/// </summary>
/// <remarks>
/// How old can a product be? Usually as old as a message takes to the other replicas, a millisecond or so. At worst it is
/// <see cref="MaxAge"/>: that is how long an entry lives when its removal got lost (a crash right after the commit, the shared
/// cache away), or when a reader that began before the commit is overtaken between its last look and its writing. Only while
/// the database does not answer, products are shown as they were up to <see cref="MaxAgeWithoutDatabase"/> ago. A missing
/// shared cache is never an error: the database answers then.
/// </remarks>
internal sealed partial class ProductCache : IDisposable
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan MaxAgeWithoutDatabase = TimeSpan.FromMinutes(5);

    private const string Prefix = "catalog:";
    private const int MaxProductsInMemory = 20_000;
    private const int Stripes = 1024;

    /// <summary>An unknown product may be created in the next moment, and guessing ids must not fill the memory.</summary>
    private static readonly TimeSpan MaxAgeOfNothing = TimeSpan.FromSeconds(1);

    private static readonly RedisChannel Removals = RedisChannel.Literal(Prefix + "removals");

    private readonly long[] removed = new long[Stripes];
    private readonly MemoryCache memory = new(new MemoryCacheOptions { SizeLimit = MaxProductsInMemory });
    private readonly FusionCache cache;
    private readonly FusionCacheEntryOptions onlyHere;
    private readonly ISubscriber? replicas;
    private readonly ILogger<ProductCache> logger;

    /// <param name="connection">To the shared cache, if there is one.</param>
    /// <param name="logger">Ours.</param>
    /// <param name="cacheLogger">The library's.</param>
    /// <param name="maxAge"><see cref="MaxAge"/> if not given.</param>
    public ProductCache(
        CacheConnection connection,
        ILogger<ProductCache> logger,
        ILogger<FusionCache> cacheLogger,
        TimeSpan? maxAge = null
    )
    {
        this.logger = logger;
        var options = new FusionCacheOptions
        {
            CacheName = "catalog-products",
            CacheKeyPrefix = Prefix,
            DistributedCacheCircuitBreakerDuration = TimeSpan.FromSeconds(2),
            DisableTagging = true,
            DistributedCacheErrorsLogLevel = LogLevel.Debug,
            DefaultEntryOptions = new FusionCacheEntryOptions(maxAge ?? MaxAge)
            {
                Size = 1,
                IsFailSafeEnabled = true,
                FailSafeMaxDuration = MaxAgeWithoutDatabase,
                FailSafeThrottleDuration = TimeSpan.FromSeconds(1),
                DistributedCacheSoftTimeout = TimeSpan.FromMilliseconds(100),
                DistributedCacheHardTimeout = TimeSpan.FromMilliseconds(300),
            },
        };
        cache = new FusionCache(options, memory, cacheLogger);
        onlyHere = options
            .DefaultEntryOptions.Duplicate()
            .SetSkipDistributedCache(true, skipBackplaneNotifications: true);
        if (connection.Redis is { } redis)
        {
            var shared = new RedisCacheOptions
            {
                ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(redis),
            };
            cache.SetupDistributedCache(new RedisCache(shared), new JsonCacheSerializer());
            replicas = redis.GetSubscriber();
            // Does not wait: where the server is away, the subscription is made when it comes.
            replicas.Subscribe(Removals, (_, message) => RemovedElsewhere(message), CommandFlags.FireAndForget);
        }
    }

    /// <summary>The product as it is kept, or as <paramref name="load"/> reads it from the database.</summary>
    public async ValueTask<ProductSnapshot?> GetAsync(
        Guid id,
        Func<CancellationToken, Task<Loaded>> load,
        CancellationToken cancellationToken
    ) =>
        await cache.GetOrSetAsync<ProductSnapshot?>(
            Key(id),
            async (context, token) =>
            {
                var (product, removalsBefore) = await load(token);
                if (RemovalsOf(id) != removalsBefore)
                {
                    // It was changed meanwhile. Who waits for this reader may have come after the change, and reads anew.
                    context.Options.SetSkipMemoryCacheWrite(true).SetSkipDistributedCacheWrite(true, true);
                }
                else if (product is null)
                {
                    context.Options.SetDuration(MaxAgeOfNothing).SetFailSafe(false).SetSkipDistributedCache(true, true);
                }

                return product;
            },
            token: cancellationToken
        );

    /// <summary>Whether this process's memory has the product, or that there is none.</summary>
    public bool TryFindHere(Guid id, out ProductSnapshot? product)
    {
        var found = cache.TryGet<ProductSnapshot?>(Key(id), onlyHere);
        product = found.GetValueOrDefault(null);
        return found.HasValue;
    }

    /// <summary>A number that changes with every removal of the product (and of some others).</summary>
    public long RemovalsOf(Guid id) => Volatile.Read(ref Stripe(id));

    /// <summary>Removes products everywhere. Does not fail.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<Guid> ids)
    {
        foreach (var id in ids)
        {
            Interlocked.Increment(ref Stripe(id));
            await cache.RemoveAsync(Key(id));
            if (replicas is not null)
            {
                try
                {
                    await replicas.PublishAsync(Removals, id.ToString());
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    Log.ReplicasNotTold(logger, id, exception);
                }
            }
        }
    }

    public void Dispose()
    {
        cache.Dispose();
        memory.Dispose();
    }

    private void RemovedElsewhere(RedisValue message)
    {
        if (Guid.TryParse(message.ToString(), out var id))
        {
            Interlocked.Increment(ref Stripe(id));
            cache.Remove(Key(id), onlyHere);
        }
    }

    private ref long Stripe(Guid id) => ref removed[(uint)id.GetHashCode() % Stripes];

    private static string Key(Guid id) => "product:" + id.ToString();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Other replicas may show product {ProductId} as it was for some seconds")]
        public static partial void ReplicasNotTold(ILogger logger, Guid productId, Exception exception);
    }
}
