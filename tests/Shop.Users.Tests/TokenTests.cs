using System.Collections.Concurrent;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Shop.Testing;

namespace Shop.Users.Tests;

public sealed class TokenTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Ada = "ada@example.com";

    private UsersApp _app = null!;
    private Guid _ada;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure);
        _ada = await _app.AppointAsync(Ada, "customer", "operator");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_published_keys_verify_a_token_and_it_says_who_and_what_somebody_is()
    {
        var tokens = await _app.SignInAsync("ADA@example.com");

        Assert.Equal("Bearer", tokens.GetProperty("token_type").GetString());
        Assert.InRange(tokens.GetProperty("expires_in").GetInt32(), 899, 900);
        Assert.False(tokens.TryGetProperty("refresh_token", out _));
        var token = await _app.VerifyAsync(tokens.Access());
        Assert.Equal(_ada.ToString(), token.Subject);
        Assert.Equal(["customer", "operator"], token.All("role"));
        Assert.Equal(["shop"], token.All("scope"));
        Assert.Equal(["shop"], token.Audiences);
        Assert.Equal(TimeSpan.FromMinutes(15), token.ValidTo - token.IssuedAt);
        Assert.DoesNotContain(token.Claims, claim => claim.Value.Contains("Grace", StringComparison.Ordinal));
        Assert.DoesNotContain(token.Claims, claim => claim.Value.Contains('@', StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_published_names_the_address_of_the_gateway()
    {
        var document = await _app.DiscoverAsync();

        Assert.Equal(UsersApp.Issuer, document.GetProperty("issuer").GetString());
        Assert.Equal(UsersApp.Issuer + "connect/token", document.GetProperty("token_endpoint").GetString());
        Assert.Equal(UsersApp.Issuer + ".well-known/jwks", document.GetProperty("jwks_uri").GetString());
        Assert.All((await _app.PublishedKeysAsync()).Keys, key => Assert.False(key.HasPrivateKey));
    }

    [Fact]
    public async Task Who_has_no_account_and_who_has_another_password_get_the_same_answer()
    {
        using var unknown = await _app.PostPasswordAsync("eve@example.com", UsersApp.Password);
        using var wrong = await _app.PostPasswordAsync(Ada, "another password");
        using var tooLong = await _app.PostPasswordAsync(Ada, new string('x', 10_000));

        var answer = await unknown.RefusedAsync("invalid_grant");
        Assert.Equal(answer, await wrong.RefusedAsync("invalid_grant"));
        Assert.Equal(answer, await tooLong.RefusedAsync("invalid_grant"));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_for_a_while_whoever_comes()
    {
        for (var i = 0; i < 4; i++)
        {
            (await _app.PostPasswordAsync(Ada, "another password")).Dispose();
        }

        await _app.SignInAsync(Ada); // begins the count anew
        string wrong = "";
        for (var i = 0; i < 5; i++)
        {
            using var response = await _app.PostPasswordAsync(Ada, "another password");
            wrong = await response.RefusedAsync("invalid_grant");
        }

        using var locked = await _app.PostPasswordAsync(Ada, UsersApp.Password);
        Assert.Equal(wrong, await locked.RefusedAsync("invalid_grant"));

        _app.Time.Advance(TimeSpan.FromMinutes(5));
        await _app.SignInAsync(Ada);
    }

    [Fact]
    public async Task Guesses_at_the_same_moment_are_all_counted()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => _app.PostPasswordAsync(Ada, $"another password {i}"))
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        using var locked = await _app.PostPasswordAsync(Ada, UsersApp.Password);
        await locked.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task A_sign_in_keeps_nothing_unless_it_is_to_last()
    {
        await _app.SignInAsync(Ada, "openid shop");
        Assert.Equal((0, 0), await RowsAsync());

        await _app.SignInAsync(Ada, "shop offline_access");
        Assert.Equal((1, 1), await RowsAsync());
    }

    [Fact]
    public async Task A_client_with_a_secret_gets_a_token_of_its_own()
    {
        using var response = await ReportsAsync(UsersApp.ReportsSecret);

        var token = await _app.VerifyAsync((await response.TokensAsync()).Access());
        Assert.True(Guid.TryParse(token.Subject, out _));
        Assert.Equal(["operator"], token.All("role"));
        Assert.Equal(["shop"], token.All("scope"));

        using var wrong = await ReportsAsync("another secret that is as long as it");
        await wrong.RefusedAsync("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_client_gets_no_more_than_it_was_given()
    {
        using var cli = await _app.PostTokenAsync(("grant_type", "client_credentials"), ("client_id", Tokens.Cli));
        using var reports = await _app.PostTokenAsync(
            ("grant_type", "password"),
            ("client_id", UsersApp.Reports),
            ("client_secret", UsersApp.ReportsSecret),
            ("username", Ada),
            ("password", UsersApp.Password)
        );
        using var nobody = await _app.PostTokenAsync(
            ("grant_type", "password"),
            ("client_id", "nobody"),
            ("username", Ada),
            ("password", UsersApp.Password)
        );
        using var scope = await _app.PostPasswordAsync(Ada, UsersApp.Password, "shop everything");

        Assert.All(
            [cli, reports, nobody, scope],
            response => Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
        );
        await reports.RefusedAsync("unauthorized_client");
        await scope.RefusedAsync("invalid_scope");
    }

    [Fact]
    public async Task Outside_development_there_is_no_password_grant_and_no_demo_client()
    {
        await using var app = await UsersApp.StartAsync(infrastructure, "Production");
        await app.RegisterAsync(Ada);

        using var response = await app.PostPasswordAsync(Ada, UsersApp.Password);

        await response.RefusedAsync("unsupported_grant_type");
        Assert.Equal(
            0,
            await app.WithAsync(
                (db, _) =>
                    db
                        .Database.SqlQuery<int>(
                            $"select count(*)::int as \"Value\" from oidc_clients where client_id = 'shop-cli'"
                        )
                        .SingleAsync(TestContext.Current.CancellationToken)
            )
        );
    }

    [Fact]
    public async Task Nothing_that_is_secret_or_personal_gets_into_a_log()
    {
        using var log = new Journal();
        await using var app = await UsersApp.StartAsync(infrastructure, log: log);
        await app.RegisterAsync("lovelace@example.com", "Countess");

        var tokens = await app.SignInAsync("lovelace@example.com", "openid shop offline_access");
        (await app.PostRefreshAsync(tokens.Refresh())).Dispose();
        (await app.PostPasswordAsync("lovelace@example.com", "another password")).Dispose();

        Assert.NotEmpty(log.Lines);
        string[] secrets =
        [
            UsersApp.Password,
            "another password",
            "lovelace",
            "Countess",
            tokens.Access(),
            tokens.Refresh(),
        ];
        Assert.All(
            secrets,
            secret =>
                Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase))
        );
    }

    private Task<HttpResponseMessage> ReportsAsync(string secret) =>
        _app.PostTokenAsync(
            ("grant_type", "client_credentials"),
            ("client_id", UsersApp.Reports),
            ("client_secret", secret)
        );

    private async Task<(int Tokens, int Authorizations)> RowsAsync()
    {
        var rows = await _app.WithAsync(
            (db, _) =>
                db
                    .Database.SqlQuery<int>(
                        $"select count(*)::int as \"Value\" from oidc_tokens union all select count(*)::int from oidc_authorizations"
                    )
                    .ToListAsync(TestContext.Current.CancellationToken)
        );
        return (rows[0], rows[1]);
    }

    private sealed class Journal : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose() { }
    }
}
