using System.Net;
using Shop.Testing;

namespace Shop.ServiceDefaults.Tests;

/// <summary>Where the keys to tokens come from, and what happens when they do not.</summary>
public sealed class SigningKeyTests
{
    private static readonly Guid User = Guid.Parse("01900000-0000-7000-8000-0000000000aa");
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_token_of_a_new_key_counts_and_the_old_key_no_more()
    {
        await using var host = await TokenHost.StartAsync();
        var old = host.Tokens.Issue(User);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", old));

        host.Clock.Ahead += MinAge;
        host.Tokens.RotateKey();

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", host.Tokens.Issue(User)));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", old));
    }

    [Fact]
    public async Task A_key_that_is_withdrawn_is_found_out_without_a_new_one()
    {
        await using var host = await TokenHost.StartAsync();
        var old = host.Tokens.Issue(User);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", old));

        host.Tokens.RotateKey();
        host.Clock.Ahead += TimeSpan.FromMinutes(5);

        // The request that finds the keys old does not wait for new ones.
        while (await host.StatusAsync("/me", old) == HttpStatusCode.OK)
        {
            await Task.Delay(10, Cancel);
        }
    }

    [Fact]
    public async Task Many_requests_at_once_fetch_the_keys_once()
    {
        await using var host = await TokenHost.StartAsync();

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => host.StatusAsync("/me", host.Tokens.Issue(User)))
        );

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, host.Tokens.KeyRequests);
    }

    [Fact]
    public async Task Invented_key_ids_do_not_make_a_flood_of_fetches()
    {
        await using var host = await TokenHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", host.Tokens.Issue(User)));
        var forged = ForgedTokens.OfInventedKeys(host.Tokens, 20);

        await SendAllAsync();
        Assert.Equal(1, host.Tokens.KeyRequests);
        host.Clock.Ahead += MinAge;
        await SendAllAsync();
        Assert.Equal(2, host.Tokens.KeyRequests);

        async Task SendAllAsync()
        {
            var statuses = await Task.WhenAll(forged.Select(token => host.StatusAsync("/me", token)));
            Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        }
    }

    [Fact]
    public async Task Keys_once_had_stay_good_while_the_issuer_is_down()
    {
        await using var host = await TokenHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", host.Tokens.Issue(User)));

        host.Tokens.IsDown = true;
        host.Clock.Ahead += MinAge;

        var unknown = ForgedTokens.Make("signed by an unknown key", host.Tokens);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", unknown));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", host.Tokens.Issue(User)));
    }

    [Fact]
    public async Task Without_any_keys_a_token_is_neither_good_nor_bad()
    {
        await using var host = await TokenHost.StartAsync();
        host.Tokens.IsDown = true;
        var token = host.Tokens.Issue(User);

        using var response = await host.GetAsync("/me", token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal("https://shop.example/problems/unavailable", (await Json.ReadAsync(response)).Text("type"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", token: null));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/anyone", token));

        host.Tokens.IsDown = false;
        host.Clock.Ahead += TimeSpan.FromSeconds(1);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", token));
    }

    [Fact]
    public async Task Keys_that_cannot_be_fetched_are_a_line_in_the_log_that_says_why()
    {
        await using var host = await TokenHost.StartAsync();
        host.Tokens.IsDown = true;

        await host.StatusAsync("/me", host.Tokens.Issue(User));

        var said = Assert.Single(
            host.Log.Lines,
            line => line.Contains("keys could not be fetched", StringComparison.Ordinal)
        );
        Assert.Matches("^Warning .* from http://.+: .+$", said);
        Assert.DoesNotContain('\n', said);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("shop")]
    [InlineData("ftp://shop.test/")]
    public async Task Outside_development_nobody_serves_without_an_issuer(string? issuer)
    {
        var missing = await Assert.ThrowsAsync<SettingException>(() =>
            TestHost.StartAsync(configure: builder => builder.Configuration["Identity:Issuer"] = issuer)
        );

        Assert.Equal("set Identity:Issuer to the gateway's public address.", missing.Message);
    }
}
