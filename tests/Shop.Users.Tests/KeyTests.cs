using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop.Testing;
using Shop.Users.Keys;

namespace Shop.Users.Tests;

public sealed class KeyTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Ada = "ada@example.com";

    private UsersApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure);
        await _app.RegisterAsync(Ada);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Replicas_that_start_at_once_agree_on_one_key()
    {
        await using var other = await UsersApp.StartAsync(infrastructure, database: _app.Database, time: _app.Time);

        var published = await Task.WhenAll(_app.PublishedKeysAsync(), other.PublishedKeysAsync());

        var ids = published.Select(keys => Assert.Single(keys.Keys).Kid).ToArray();
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task What_one_process_has_issued_holds_in_the_next()
    {
        var tokens = await _app.SignInAsync(Ada, "shop offline_access");
        var time = _app.Time;
        await _app.DisposeAsync();

        await using var next = await UsersApp.StartAsync(infrastructure, database: _app.Database, time: time);

        await next.VerifyAsync(tokens.Access());
        using var response = await next.PostRefreshAsync(tokens.Refresh());
        await response.TokensAsync();
    }

    [Fact]
    public async Task A_key_is_published_two_days_before_it_signs_and_until_nothing_needs_it()
    {
        var first = await SigningKeyAsync();

        _app.Time.Advance(TimeSpan.FromDays(28));
        var announced = await KeyIdsAsync();
        Assert.Equal(2, announced.Length);
        Assert.Equal(first, await SigningKeyAsync());
        var tokens = await _app.SignInAsync(Ada, "shop offline_access");

        _app.Time.Advance(TimeSpan.FromDays(2));
        var second = await SigningKeyAsync();
        Assert.Equal(announced.Single(id => id != first), second);
        Assert.Contains(first, await KeyIdsAsync());
        using var refreshed = await _app.PostRefreshAsync(tokens.Refresh());
        await refreshed.TokensAsync();

        _app.Time.Advance(TimeSpan.FromDays(15));
        Assert.Equal([second], await KeyIdsAsync());
    }

    [Fact]
    public async Task In_the_database_they_cannot_be_read()
    {
        await _app.PublishedKeysAsync();
        var stored = await _app.WithAsync((db, _) => db.IssuerKeys.SingleAsync(TestContext.Current.CancellationToken));

        using var rsa = RSA.Create();
        Assert.ThrowsAny<CryptographicException>(() => rsa.ImportPkcs8PrivateKey(stored.EncryptedKey, out _));
        Assert.ThrowsAny<CryptographicException>(() =>
            new KeyEncryption(RandomNumberGenerator.GetBytes(32)).Decrypt(stored.EncryptedKey)
        );
        await _app.WithAsync(
            (_, services) =>
            {
                rsa.ImportPkcs8PrivateKey(
                    services.GetRequiredService<KeyEncryption>().Decrypt(stored.EncryptedKey),
                    out var _
                );
                return Task.FromResult(0);
            }
        );
    }

    private async Task<string> SigningKeyAsync() =>
        (await _app.VerifyAsync((await _app.SignInAsync(Ada)).Access())).Kid;

    private async Task<string[]> KeyIdsAsync() => [.. (await _app.PublishedKeysAsync()).Keys.Select(key => key.Kid)];
}
