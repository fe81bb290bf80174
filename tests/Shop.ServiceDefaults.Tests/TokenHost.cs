using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults.Identity;
using Shop.Testing;

namespace Shop.ServiceDefaults.Tests;

/// <summary>A service that believes the tokens of an issuer of its own.</summary>
internal sealed class TokenHost : IAsyncDisposable
{
    private readonly TestHost _host;

    private TokenHost(TestHost host, TestTokens tokens, StandingClock clock, LogLines log) =>
        (_host, Tokens, Clock, Log) = (host, tokens, clock, log);

    public TestTokens Tokens { get; }

    public StandingClock Clock { get; }

    public LogLines Log { get; }

    public ValidatedTokens Validated => _host.Services.GetRequiredService<ValidatedTokens>();

    public static async Task<TokenHost> StartAsync(string environment = "Production")
    {
        var clock = new StandingClock();
        var log = new LogLines();
        var tokens = await TestTokens.StartAsync(clock);
        var host = await TestHost.StartAsync(
            app =>
            {
                app.MapGet("/me", (ClaimsPrincipal user) => user.GetUserId().ToString()).RequireAuthorization();
                app.MapGet("/operators", () => "ok").RequireAuthorization(Policies.Operator);
                app.MapGet("/admins", () => "ok").RequireAuthorization(Policies.Admin);
                app.MapGet("/anyone", () => "ok").AllowAnonymous();
                app.MapGet("/forgotten", () => "ok");
            },
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(tokens.Settings);
                builder.Logging.AddProvider(log);
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options =>
                    options.Retry.Delay = TimeSpan.FromMilliseconds(1)
                );
            },
            environment
        );
        return new TokenHost(host, tokens, clock, log);
    }

    public async Task<HttpResponseMessage> GetAsync(
        string path,
        string? token,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> StatusAsync(
        string path,
        string? token,
        params (string Name, string Value)[] headers
    )
    {
        using var response = await GetAsync(path, token, headers);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Tokens.DisposeAsync();
    }
}
