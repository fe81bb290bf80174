using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Shop.ServiceDefaults;
using Shop.Testing;
using Shop.Users.Data;
using Shop.Users.Keys;
using Shop.Users.Provider;
using Shop.Users.SignIn;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Users.Tests;

/// <summary>The module on a database of its own. It sends nothing, so what it would send can be read.</summary>
internal sealed class UsersApp : IAsyncDisposable
{
    public const string Issuer = "https://shop.example/";
    public const string Password = "Pa55-word!";
    public const string Reports = "reports";
    public const string ReportsSecret = "for tests only, and 32 characters long";
    public const string Callback = "https://storefront.example/callback";

    private readonly WebApplication _app;

    private UsersApp(WebApplication app) => _app = app;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Time => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    /// <summary>Starts it, on a new database unless it is told one, so that there can be a second replica.</summary>
    public static async Task<UsersApp> StartAsync(
        InfrastructureFixture infrastructure,
        string? environment = null,
        string? database = null,
        FakeTimeProvider? time = null,
        ILoggerProvider? log = null,
        int passwordHashRounds = 1_000,
        IPasswordHasher<Credential>? hasher = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = environment ?? Environments.Development }
        );
        database ??= await infrastructure.CreateDatabaseAsync();
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:usersdb", database),
            new("ConnectionStrings:messaging", "Endpoint=sb://none.test/"),
            new("Identity:Issuer", Issuer),
            new("Identity:Authority", "http://localhost"),
            new("Identity:KeyEncryptionKey", Convert.ToBase64String(new byte[32])),
            new($"Identity:Clients:{Reports}:Secret", ReportsSecret),
            new($"Identity:Clients:{Reports}:Roles:0", "operator"),
            new("Identity:Storefront:RedirectUris:0", Callback),
            new("Identity:Storefront:PostLogoutRedirectUris:0", "https://storefront.example/"),
        ]);
        builder.Services.AddSingleton<TimeProvider>(
            time ?? new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero))
        );
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        }

        UsersModule.AddServices(builder);
        builder.Services.RemoveAll<IHostedService>();
        // Slow hashes are what passwords need and tests do not.
        builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = passwordHashRounds);
        if (hasher is not null)
        {
            builder.Services.AddSingleton(hasher);
        }

        builder.WebHost.UseTestServer();
        // Its keys, as it publishes them, are the ones it judges its callers' tokens by.
        builder
            .Services.AddHttpClient("identity")
            .ConfigurePrimaryHttpMessageHandler(services =>
                ((TestServer)services.GetRequiredService<IServer>()).CreateHandler()
            );

        var app = builder.Build();
        app.UseServiceDefaults();
        UsersModule.MapEndpoints(app);
        var users = new UsersApp(app) { Database = database };
        await users.WithAsync(
            async (db, services) =>
            {
                await db.Database.MigrateAsync(Cancel);
                await Clients.SeedAsync(services, Cancel);
                return 0;
            }
        );
        await app.StartAsync(Cancel);
        return users;
    }

    public required string Database { get; init; }

    public HttpClient Client => _app.GetTestClient();

    /// <summary>A new browser, at the address that people know.</summary>
    public Browser OpenBrowser() => new(Client, new Uri(Issuer));

    /// <summary>A unit of work of the running service.</summary>
    public async Task<T> WithAsync<T>(Func<UsersDbContext, IServiceProvider, Task<T>> work)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<UsersDbContext>(), scope.ServiceProvider);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        object? body = null,
        Guid? caller = null,
        string role = "customer",
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", await IssueAsync(caller ?? Guid.CreateVersion7(), role));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = body switch
        {
            null => null,
            string json => new StringContent(json, System.Text.Encoding.UTF8, "application/merge-patch+json"),
            _ => JsonContent.Create(body),
        };
        return await _app.GetTestClient().SendAsync(request, Cancel);
    }

    /// <summary>An access token as the service issues it, for whomever in whatever role.</summary>
    public async Task<string> IssueAsync(Guid user, string role)
    {
        var ring = _app.Services.GetRequiredService<KeyRing>();
        await ring.EnsureFreshAsync(Cancel);
        var now = Time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = "at+jwt",
                Issuer = Issuer,
                Audience = "shop",
                IssuedAt = now,
                Expires = now.AddMinutes(15),
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = user.ToString(),
                    ["role"] = role,
                    ["scope"] = "shop",
                },
                SigningCredentials = new SigningCredentials(ring.Keys[0].Signing, SecurityAlgorithms.RsaSha256),
            }
        );
    }

    /// <summary>Somebody new.</summary>
    public async Task<Guid> RegisterAsync(string email = "ada@example.com", string name = "Ada Lovelace")
    {
        using var response = await SendAsync(
            HttpMethod.Post,
            "/api/users",
            new
            {
                email,
                name,
                password = Password,
            }
        );
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.JsonAsync()).GetProperty("id").GetGuid();
    }

    /// <summary>Somebody new with these roles.</summary>
    public async Task<Guid> AppointAsync(string email, params string[] roles)
    {
        var id = await RegisterAsync(email, "Grace Hopper");
        using var response = await SendAsync(HttpMethod.Put, $"/api/users/{id}/roles", new { roles }, role: "admin");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return id;
    }

    public async Task<JsonElement> GetMeAsync(Guid caller)
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/users/me", caller: caller);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    /// <summary>What was announced about somebody, oldest first.</summary>
    public Task<List<Announced>> AnnouncedAsync(Guid user) =>
        WithAsync(
            (db, _) =>
                db
                    .Database.SqlQuery<Announced>(
                        $"""
                        select type, destination, body::text as body from outbox_messages
                        where correlation_id = {user.ToString()} order by id
                        """
                    )
                    .ToListAsync(Cancel)
        );

    public Task<int> CountAnnouncedAsync() =>
        WithAsync(
            (db, _) =>
                db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from outbox_messages").SingleAsync(Cancel)
        );

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>A row of the outbox.</summary>
internal sealed record Announced(string Type, string Destination, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);
}

internal static class Answers
{
    public static Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    /// <summary>Asserts that the answer is problem details of that status and kind, and returns them.</summary>
    public static async Task<JsonElement> ProblemAsync(
        this HttpResponseMessage response,
        HttpStatusCode status,
        string kind
    )
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {body}");
        var problem = JsonElement.Parse(body);
        Assert.Equal("https://shop.example/problems/" + kind, problem.GetProperty("type").GetString());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        return problem;
    }

    /// <summary>Asserts that the answer refuses exactly these fields.</summary>
    public static async Task RefusesAsync(this HttpResponseMessage response, params string[] fields)
    {
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "validation");
        Assert.Equal(
            fields.Order(),
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order()
        );
    }
}
