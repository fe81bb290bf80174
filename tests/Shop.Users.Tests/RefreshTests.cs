using System.Net;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using Shop.Testing;
using Shop.Users.Provider;

namespace Shop.Users.Tests;

public sealed class RefreshTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Ada = "ada@example.com";
    private const string Lasting = "shop offline_access";

    private UsersApp _app = null!;
    private Guid _ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure);
        _ada = await _app.RegisterAsync(Ada);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_refresh_token_gets_the_next_one_and_tells_what_has_changed_since()
    {
        var first = await _app.SignInAsync(Ada, Lasting);
        await _app.WithAsync(
            async (db, _) => await db.Database.ExecuteSqlAsync($"update users set roles = array['operator']", Cancel)
        );

        using var response = await _app.PostRefreshAsync(first.Refresh());

        var second = await response.TokensAsync();
        Assert.NotEqual(first.Refresh(), second.Refresh());
        var token = await _app.VerifyAsync(second.Access());
        Assert.Equal(_ada.ToString(), token.Subject);
        Assert.Equal(["operator"], token.All("role"));
        Assert.Equal(["shop"], token.Audiences);
    }

    [Fact]
    public async Task One_that_is_used_twice_revokes_all_that_came_of_it()
    {
        var first = await _app.SignInAsync(Ada, Lasting);
        var another = await _app.SignInAsync(Ada, Lasting);
        using var response = await _app.PostRefreshAsync(first.Refresh());
        var second = await response.TokensAsync();

        using var again = await _app.PostRefreshAsync(first.Refresh());
        using var after = await _app.PostRefreshAsync(second.Refresh());
        using var elsewhere = await _app.PostRefreshAsync(another.Refresh());

        await again.RefusedAsync("invalid_grant");
        await after.RefusedAsync("invalid_grant");
        await elsewhere.TokensAsync();
    }

    [Fact]
    public async Task Used_many_times_at_once_it_is_good_for_one_answer_and_for_no_more_after_that()
    {
        var first = await _app.SignInAsync(Ada, Lasting);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _app.PostRefreshAsync(first.Refresh())));

        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var other in answers.Except([winner]))
        {
            await other.RefusedAsync("invalid_grant");
        }

        using var after = await _app.PostRefreshAsync((await winner.TokensAsync()).Refresh());
        await after.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task Used_while_the_first_use_is_being_answered_it_ends_the_sign_in()
    {
        var first = await _app.SignInAsync(Ada, Lasting);
        // As the first use leaves it before its answer has a token.
        var now = _app.Time.GetUtcNow().UtcDateTime;
        await _app.WithAsync(
            (db, _) =>
                db.Set<OpenIddictEntityFrameworkCoreToken<Guid>>()
                    .ExecuteUpdateAsync(
                        change =>
                            change
                                .SetProperty(token => token.Status, "redeemed")
                                .SetProperty(token => token.RedemptionDate, now),
                        Cancel
                    )
        );

        using var second = await _app.PostRefreshAsync(first.Refresh());

        await second.RefusedAsync("invalid_grant");
        var signIns = await _app.WithAsync(
            (db, _) => db.Set<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().ToListAsync(Cancel)
        );
        Assert.Equal("revoked", Assert.Single(signIns).Status);
    }

    [Fact]
    public async Task It_is_for_its_client_alone_though_another_may_refresh_its_own()
    {
        var cli = await _app.SignInAsync(Ada, Lasting);
        using var response = await _app.PostCodeAsync(await _app.OpenBrowser().CodeAsync(Ada));
        var storefront = await response.TokensAsync();

        using var byStorefront = await _app.PostRefreshAsync(cli.Refresh(), Storefront.Client);
        using var byCli = await _app.PostRefreshAsync(storefront.Refresh(), Tokens.Cli);
        using var ofCli = await _app.PostRefreshAsync(cli.Refresh(), Tokens.Cli);
        using var ofStorefront = await _app.PostRefreshAsync(storefront.Refresh(), Storefront.Client);

        await byStorefront.RefusedAsync("invalid_grant");
        await byCli.RefusedAsync("invalid_grant");
        await ofCli.TokensAsync();
        await ofStorefront.TokensAsync();
    }

    [Fact]
    public async Task It_is_good_for_no_longer_than_it_lives_and_an_access_token_does_not_stand_in_for_it()
    {
        var tokens = await _app.SignInAsync(Ada, Lasting);

        using var access = await _app.PostRefreshAsync(tokens.Access());
        _app.Time.Advance(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1));
        using var late = await _app.PostRefreshAsync(tokens.Refresh());

        await access.RefusedAsync("invalid_grant");
        await late.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task Another_security_stamp_ends_it()
    {
        var tokens = await _app.SignInAsync(Ada, Lasting);
        await _app.WithAsync(
            async (db, _) => await db.Database.ExecuteSqlAsync($"update credentials set security_stamp = 'x'", Cancel)
        );

        using var response = await _app.PostRefreshAsync(tokens.Refresh());

        await response.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task What_was_used_is_kept_as_long_as_it_could_be_shown_again_and_no_longer()
    {
        var first = await _app.SignInAsync(Ada, Lasting);
        (await _app.PostRefreshAsync(first.Refresh())).Dispose();

        _app.Time.Advance(TimeSpan.FromDays(13));
        Assert.Equal(2, await PruneAsync());
        _app.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await PruneAsync());
    }

    private Task<int> PruneAsync() =>
        _app.WithAsync(
            async (db, services) =>
            {
                await Pruning.PruneAsync(services, _app.Time.GetUtcNow(), Cancel);
                return await db
                    .Database.SqlQuery<int>($"select count(*)::int as \"Value\" from oidc_tokens")
                    .SingleAsync(Cancel);
            }
        );
}
