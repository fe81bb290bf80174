using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.Catalog.Caching;
using Shop.Catalog.Products;
using ZiggyCreatures.Caching.Fusion;

namespace Shop.Catalog.Tests;

public sealed class CacheTests(RunningCatalog catalog)
{
    /// <summary>Much shorter than an entry lives, so that what is seen within it was not just waited for.</summary>
    private static readonly TimeSpan Soon = ProductCache.MaxAge / 2;

    private readonly HttpClient admin = catalog.CreateClient("admin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_seen_in_every_replica()
    {
        await using var replica = catalog.CreateReplica();
        using var there = replica.CreateClient();
        var (path, tag) = await admin.CreateAsync();
        await there.GetJsonAsync(path);

        using var changed = await admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product("Parasol"), tag);

        Assert.Equal("Parasol", await NameAsync(admin, path));
        await UntilAsync(async () => await NameAsync(there, path) == "Parasol");
        using var answer = await there.GetAnswerAsync(path);
        Assert.Equal(changed.Headers.ETag!.Tag, answer.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task What_one_replica_has_read_another_finds_in_the_shared_cache()
    {
        await using var replica = catalog.CreateReplica();
        using var there = replica.CreateClient();
        await there.GetJsonAsync("/api/products?pageSize=1");
        var (path, _) = await admin.CreateAsync();
        await admin.GetJsonAsync(path);

        // Behind the cache's back, which nobody but a test does.
        var id = Guid.Parse(path[^36..]);
        await catalog.WithAsync(
            (db, _) => db.Database.ExecuteSqlAsync($"UPDATE products SET name = 'Parasol' WHERE id = {id}", Cancel)
        );

        Assert.Equal("Umbrella", await NameAsync(there, path));
    }

    [Fact]
    public async Task A_deleted_product_is_gone_in_every_replica()
    {
        await using var replica = catalog.CreateReplica();
        using var there = replica.CreateClient();
        var (path, tag) = await admin.CreateAsync();
        await there.GetJsonAsync(path);

        using var deleted = await admin.WriteAsync(HttpMethod.Delete, path, ifMatch: tag);

        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAnswerAsync(path)).StatusCode);
        await UntilAsync(async () => (await there.GetAnswerAsync(path)).StatusCode == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_the_shared_cache_the_database_answers()
    {
        await using var replica = catalog.CreateReplica("127.0.0.1:1");
        using var client = replica.CreateClient();
        client.DefaultRequestHeaders.Authorization = catalog.AuthorizationOf("admin");

        var (path, tag) = await client.CreateAsync();
        Assert.Equal("Umbrella", await NameAsync(client, path));
        using var changed = await client.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product("Parasol"), tag);

        Assert.Equal("Parasol", await NameAsync(client, path));
        var batch = await client.GetJsonAsync($"/api/products?ids={path[^36..]},{Guid.NewGuid()}");
        Assert.Equal("Parasol", batch.GetProperty("items")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_one_question_to_the_database()
    {
        using var cache = CreateCache();
        var product = Snapshot(version: 1);
        var database = new TaskCompletionSource<Loaded>();
        var questions = 0;

        var readers = Enumerable
            .Range(0, 100)
            .Select(_ =>
                cache
                    .GetAsync(
                        product.Id,
                        _ =>
                        {
                            Interlocked.Increment(ref questions);
                            return database.Task;
                        },
                        Cancel
                    )
                    .AsTask()
            )
            .ToArray();
        database.SetResult(new(product, cache.RemovalsOf(product.Id)));

        Assert.All(await Task.WhenAll(readers), read => Assert.Equal(product.Tag, read!.Tag));
        Assert.Equal(1, questions);
    }

    [Fact]
    public async Task What_was_read_before_a_change_does_not_stay_behind_it()
    {
        using var cache = CreateCache();
        var old = Snapshot(version: 1);
        Task<ProductSnapshot?>? later = null;

        // The change comes between the database's answer and its being kept, and after it another reader.
        await cache.GetAsync(
            old.Id,
            async _ =>
            {
                var answer = new Loaded(old, cache.RemovalsOf(old.Id));
                await cache.RemoveAsync([old.Id]);
                later = ReadAsync(version: 2);
                return answer;
            },
            Cancel
        );

        Assert.Equal(2, (await later!)!.Version);
        Assert.Equal(2, (await ReadAsync(version: 3))!.Version);

        Task<ProductSnapshot?> ReadAsync(int version) =>
            cache.GetAsync(old.Id, Answer(cache, old with { Version = version }), Cancel).AsTask();
    }

    [Fact]
    public async Task While_the_database_is_away_what_is_kept_is_shown()
    {
        // What is kept is too old at once.
        using var cache = CreateCache(maxAge: TimeSpan.Zero);
        var product = Snapshot(version: 1);
        await cache.GetAsync(product.Id, Answer(cache, product), Cancel);
        var isAsked = false;

        var read = await cache.GetAsync(
            product.Id,
            _ =>
            {
                isAsked = true;
                throw new InvalidOperationException("away");
            },
            Cancel
        );

        Assert.True(isAsked, "What is kept was not old.");
        Assert.Equal(product.Tag, read!.Tag);
    }

    private static Func<CancellationToken, Task<Loaded>> Answer(ProductCache cache, ProductSnapshot product) =>
        _ => Task.FromResult(new Loaded(product, cache.RemovalsOf(product.Id)));

    private static ProductCache CreateCache(TimeSpan? maxAge = null) =>
        new(
            new CacheConnection(new ConfigurationBuilder().Build()),
            NullLogger<ProductCache>.Instance,
            NullLogger<FusionCache>.Instance,
            maxAge
        );

    private static ProductSnapshot Snapshot(int version) =>
        new(
            Guid.CreateVersion7(),
            "Hat",
            "Warm.",
            9.90m,
            "USD",
            ["clothing"],
            null,
            version,
            Stock: 3,
            StockVersion: 1
        );

    private static async Task<string?> NameAsync(HttpClient client, string path)
    {
        JsonElement product = await client.GetJsonAsync(path);
        return product.GetProperty("name").GetString();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Soon);
        while (!await holds())
        {
            Assert.False(
                limit.IsCancellationRequested,
                $"The other replica was not told within {Soon.TotalSeconds} s."
            );
            await Task.Delay(20, Cancel);
        }
    }
}
