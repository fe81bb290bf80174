using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Shop.Catalog.Products;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace Shop.Catalog.Caching;

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

    public ProductCache(CacheConnection connection, ILogger<ProductCache> logger, ILogger<FusionCache> cacheLogger)
    {
        this.logger = logger;
        var options = new FusionCacheOptions
        {
            CacheName = "catalog-products",
            CacheKeyPrefix = Prefix,
            DistributedCacheCircuitBreakerDuration = TimeSpan.FromSeconds(2),
            DisableTagging = true,
            DistributedCacheErrorsLogLevel = LogLevel.Debug,
            DefaultEntryOptions = new FusionCacheEntryOptions(MaxAge)
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
        Func<CancellationToken, Task<ProductSnapshot?>> load,
        CancellationToken cancellationToken
    ) =>
        await cache.GetOrSetAsync<ProductSnapshot?>(
            Key(id),
            async (context, token) =>
            {
                var product = await LoadAsync(id, load, token);
                if (product is null)
                {
                    context.Options.SetDuration(MaxAgeOfNothing).SetFailSafe(false).SetSkipDistributedCache(true, true);
                }

                return product;
            },
            token: cancellationToken
        );

    /// <summary>The product if it is kept.</summary>
    public async ValueTask<ProductSnapshot?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await cache.TryGetAsync<ProductSnapshot?>(Key(id), token: cancellationToken)).GetValueOrDefault(null);

    /// <summary>A number that changes with every removal of the product (and of some others).</summary>
    public long RemovalsOf(Guid id) => Volatile.Read(ref Stripe(id));

    /// <summary>Keeps a product, unless it was removed since it was read.</summary>
    public ValueTask KeepAsync(ProductSnapshot product, long removalsBefore, CancellationToken cancellationToken) =>
        RemovalsOf(product.Id) == removalsBefore
            ? cache.SetAsync<ProductSnapshot?>(Key(product.Id), product, token: cancellationToken)
            : ValueTask.CompletedTask;

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

    /// <summary>What was read while the product was being changed is read again.</summary>
    private async Task<ProductSnapshot?> LoadAsync(
        Guid id,
        Func<CancellationToken, Task<ProductSnapshot?>> load,
        CancellationToken cancellationToken
    )
    {
        const int mostTries = 3;
        for (var attempt = 1; ; attempt++)
        {
            var before = RemovalsOf(id);
            var product = await load(cancellationToken);
            if (attempt == mostTries || RemovalsOf(id) == before)
            {
                return product;
            }
        }
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
