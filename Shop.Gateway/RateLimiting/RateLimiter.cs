using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Text;

namespace Shop.Gateway.RateLimiting;

/// <summary>The buckets of all callers that this replica has seen lately.</summary>
internal sealed class RateLimiter(IOptions<RateLimitOptions> options, SharedBuckets shared, TimeProvider time)
    : IDisposable
{
    // Made-up addresses must not fill the memory. Who is forgotten is still counted in the cache.
    private const int MostCallers = 100_000;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private readonly MemoryCache buckets = new(new MemoryCacheOptions { SizeLimit = MostCallers });

    public ValueTask<Decision> ReadAsync(string caller) => TakeAsync("reads", options.Value.Reads, caller);

    public ValueTask<Decision> WriteAsync(string caller) => TakeAsync("writes", options.Value.Writes, caller);

    /// <param name="caller">Where the attempt comes from.</param>
    /// <param name="account">The name that is tried, if the request says one. It is kept as a hash alone.</param>
    public async ValueTask<Decision> SignInAsync(string caller, string? account)
    {
        var byAddress = await TakeAsync("sign-ins", options.Value.SignIns, caller);
        return byAddress.Allowed && account is { Length: > 0 }
            ? await TakeAsync("accounts", options.Value.SignInsPerAccount, Hash(account))
            : byAddress;
    }

    public void Dispose() => buckets.Dispose();

    private ValueTask<Decision> TakeAsync(string name, Budget budget, string caller)
    {
        var key = $"gateway:limit:{name}:{caller}";
        if (!buckets.TryGetValue(key, out TokenBucket? bucket))
        {
            bucket = Make(key, budget);
        }

        return bucket!.TakeAsync();
    }

    // One, however many requests of the caller come first at once: each bucket of its own would be a full one.
    private TokenBucket Make(string key, Budget budget)
    {
        lock (gate)
        {
            return buckets.TryGetValue(key, out TokenBucket? other)
                ? other!
                : buckets.Set(
                    key,
                    new TokenBucket(key, budget, shared, time),
                    new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Memory }
                );
        }
    }

    private static string Hash(string account) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(EmailAddress.Normalize(account))));
}
