using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Shop.Testing;
using Shop.Users.SignIn;

namespace Shop.Users.Tests;

public sealed class PasswordTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Ada = "ada@example.com";
    private const string Path = "/api/users/me/password";
    private const string Next = "another Pa55-word!";

    private UsersApp _app = null!;
    private Guid _ada;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure);
        _ada = await _app.RegisterAsync(Ada);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task With_another_password_whoever_was_signed_in_is_so_no_more()
    {
        var browser = _app.OpenBrowser();
        var code = await browser.CodeAsync(Ada);
        using var again = await browser.GetAsync(Storefront.Authorize());
        using var response = await _app.PostCodeAsync(again.Answer()["code"]);
        var storefront = await response.TokensAsync();
        var cli = await _app.SignInAsync(Ada, "shop offline_access");

        using var changed = await ChangeAsync(UsersApp.Password, Next);

        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        using var one = await _app.PostRefreshAsync(storefront.Refresh(), Storefront.Client);
        using var other = await _app.PostRefreshAsync(cli.Refresh());
        using var late = await _app.PostCodeAsync(code);
        using var session = await browser.GetAsync(Storefront.Authorize());
        using var old = await _app.PostPasswordAsync(Ada, UsersApp.Password);
        using var current = await _app.PostPasswordAsync(Ada, Next);
        await one.RefusedAsync("invalid_grant");
        await other.RefusedAsync("invalid_grant");
        await late.RefusedAsync("invalid_grant");
        Assert.StartsWith("/account/login", session.To(), StringComparison.Ordinal);
        await old.RefusedAsync("invalid_grant");
        await current.TokensAsync();
    }

    [Theory]
    [InlineData("not the password", Next, "currentPassword")]
    [InlineData(null, Next, "currentPassword")]
    [InlineData(UsersApp.Password, "short", "newPassword")]
    [InlineData(UsersApp.Password, null, "newPassword")]
    [InlineData(UsersApp.Password, Ada, "newPassword")]
    public async Task What_is_wrong_with_a_change_is_named_and_nothing_changes(
        string? current,
        string? next,
        string field
    )
    {
        using var refused = await ChangeAsync(current, next);

        await refused.RefusesAsync(field);
        await _app.SignInAsync(Ada);
    }

    [Fact]
    public async Task Guessing_the_current_password_locks_the_account_as_signing_in_does()
    {
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await ChangeAsync("not the password", Next);
            await wrong.RefusesAsync("currentPassword");
        }

        using var right = await ChangeAsync(UsersApp.Password, Next);
        using var locked = await _app.PostPasswordAsync(Ada, UsersApp.Password);

        await right.RefusesAsync("currentPassword");
        await locked.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task The_current_password_is_hashed_once()
    {
        var hasher = new CountingHasher();
        await using var replica = await StartReplicaAsync(hasher);

        using var changed = await ChangeAsync(UsersApp.Password, Next, replica);

        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.Equal(1, hasher.Verified);
    }

    [Theory]
    [InlineData("nobody@example.com", UsersApp.Password, false)]
    [InlineData(Ada, "not the password", false)]
    [InlineData(Ada, UsersApp.Password, true)]
    [InlineData(Ada, "not the password", true)]
    [InlineData(Ada, null, false)]
    public async Task Whoever_is_not_let_in_has_cost_one_hash_so_that_the_time_does_not_tell_why(
        string email,
        string? password,
        bool locked
    )
    {
        var hasher = new CountingHasher();
        await using var replica = await StartReplicaAsync(hasher);
        for (var i = 0; locked && i < 5; i++)
        {
            (await _app.PostPasswordAsync(Ada, "not the password")).Dispose();
        }

        // None stands for one that is too long to be anybody's.
        using var refused = await replica.PostPasswordAsync(email, password ?? new string('x', 100_000));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(1, hasher.Verified);
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_counts()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => ChangeAsync(UsersApp.Password, $"{Next} {i}"))
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Who_signs_in_after_the_rounds_were_raised_is_hashed_anew_and_stays_signed_in_elsewhere()
    {
        var elsewhere = await _app.SignInAsync(Ada, "shop offline_access");
        var before = await HashAsync();
        await using var replica = await StartReplicaAsync(2_000);

        await replica.SignInAsync(Ada);

        var after = await HashAsync();
        Assert.NotEqual(before, after);
        using var renewed = await _app.PostRefreshAsync(elsewhere.Refresh());
        await renewed.TokensAsync();
        await replica.SignInAsync(Ada);
        await _app.SignInAsync(Ada);
        Assert.Equal(after, await HashAsync());
    }

    [Fact]
    public async Task The_right_password_of_a_locked_account_causes_no_more_work_than_a_wrong_one()
    {
        for (var i = 0; i < 5; i++)
        {
            (await _app.PostPasswordAsync(Ada, "not the password")).Dispose();
        }

        var before = await HashAsync();
        await using var replica = await StartReplicaAsync(2_000);

        using var locked = await replica.PostPasswordAsync(Ada, UsersApp.Password);

        await locked.RefusedAsync("invalid_grant");
        Assert.Equal(before, await HashAsync());
    }

    private Task<UsersApp> StartReplicaAsync(int rounds) =>
        UsersApp.StartAsync(infrastructure, database: _app.Database, time: _app.Time, passwordHashRounds: rounds);

    private Task<string> HashAsync() =>
        _app.WithAsync(
            (db, _) =>
                db
                    .Credentials.Where(credential => credential.UserId == _ada)
                    .Select(credential => credential.PasswordHash)
                    .SingleAsync(TestContext.Current.CancellationToken)
        );

    private Task<HttpResponseMessage> ChangeAsync(string? current, string? next, UsersApp? app = null) =>
        (app ?? _app).SendAsync(HttpMethod.Put, Path, new { currentPassword = current, newPassword = next }, _ada);

    private Task<UsersApp> StartReplicaAsync(CountingHasher hasher) =>
        UsersApp.StartAsync(infrastructure, database: _app.Database, time: _app.Time, hasher: hasher);

    private sealed class CountingHasher : PasswordHasher<Credential>
    {
        public int Verified { get; private set; }

        public override PasswordVerificationResult VerifyHashedPassword(
            Credential user,
            string hashedPassword,
            string providedPassword
        )
        {
            Verified++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
