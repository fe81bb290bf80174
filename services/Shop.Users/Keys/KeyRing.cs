using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using Shop.Users.Data;

namespace Shop.Users.Keys;

/// <summary>A key pair for signing, and the key that refresh tokens and codes are encrypted with, made from it.</summary>
internal sealed record TokenKey(RsaSecurityKey Signing, SymmetricSecurityKey Encryption);

/// <summary>
/// The keys from the database, which all replicas share; read anew every minute when they are asked for. Makes the first
/// one, and the next one in time, under a lock.
/// </summary>
internal sealed class KeyRing(IServiceScopeFactory scopes, KeyEncryption encryption, TimeProvider time) : IDisposable
{
    private const long LockKey = 0x6B_65_79_73; // "keys"
    private const int KeySize = 2048;
    private static readonly TimeSpan ReadAnewAfter = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Snapshot? _snapshot;
    private CancellationTokenSource _changed = new();

    /// <summary>The one that signs first; empty until they have been read.</summary>
    public IReadOnlyList<TokenKey> Keys => _snapshot?.Keys ?? [];

    /// <summary>Fires when the keys, or their order, have become others.</summary>
    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    /// <summary>Reads the keys if they have not been read lately.</summary>
    public async ValueTask EnsureFreshAsync(CancellationToken cancellationToken)
    {
        if (IsFresh())
        {
            return;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh())
            {
                await ReadAsync(cancellationToken);
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        _reading.Dispose();
        _changed.Dispose();
    }

    private bool IsFresh() => _snapshot is { } snapshot && time.GetUtcNow() - snapshot.ReadAt < ReadAnewAfter;

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDbContext>();
        var stored = await db.IssuerKeys.AsNoTracking().ToListAsync(cancellationToken);
        if (KeyRotation.NextNeeded(stored, now) is not null || KeyRotation.Outlived(stored, now).Count > 0)
        {
            stored = await RotateAsync(db, now, cancellationToken);
        }

        var ordered = KeyRotation.Order(stored, now);
        var ids = ordered.Select(key => key.Id).ToArray();
        var before = _snapshot;
        if (before is not null && before.Ids.SequenceEqual(ids))
        {
            _snapshot = before with { ReadAt = now };
            return;
        }

        _snapshot = new Snapshot(now, ids, [.. ordered.Select(Open)]);
        // Not disposed: somebody may be about to look at its token.
        await Interlocked.Exchange(ref _changed, new CancellationTokenSource()).CancelAsync();
    }

    private async Task<List<IssuerKey>> RotateAsync(
        UsersDbContext db,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        // Another replica may have been quicker.
        var stored = await db.IssuerKeys.ToListAsync(cancellationToken);
        if (KeyRotation.NextNeeded(stored, now) is { } signsFrom)
        {
            using var rsa = RSA.Create(KeySize);
            var key = new IssuerKey(Guid.NewGuid(), encryption.Encrypt(rsa.ExportPkcs8PrivateKey()), now, signsFrom);
            db.IssuerKeys.Add(key);
            stored.Add(key);
        }

        foreach (var key in KeyRotation.Outlived(stored, now))
        {
            db.IssuerKeys.Remove(key);
            stored.Remove(key);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stored;
    }

    private TokenKey Open(IssuerKey key)
    {
        byte[] pkcs8;
        try
        {
            pkcs8 = encryption.Decrypt(key.EncryptedKey);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidOperationException(
                $"Identity:KeyEncryptionKey is not the one that the key {key.Id} in the database was encrypted with.",
                exception
            );
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        var symmetric = HKDF.DeriveKey(HashAlgorithmName.SHA256, pkcs8, 32, info: "shop refresh tokens"u8.ToArray());
        CryptographicOperations.ZeroMemory(pkcs8);
        var id = key.Id.ToString("N");
        return new TokenKey(
            new RsaSecurityKey(rsa) { KeyId = id },
            new SymmetricSecurityKey(symmetric) { KeyId = id + "-enc" }
        );
    }

    private sealed record Snapshot(DateTimeOffset ReadAt, Guid[] Ids, IReadOnlyList<TokenKey> Keys);
}
