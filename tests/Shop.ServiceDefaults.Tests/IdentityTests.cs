using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Tests;

public sealed class IdentityTests
{
    private const string Demo = "01900000-0000-7000-8000-000000000001";
    private const string Other = "01900000-0000-7000-8000-0000000000aa";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_development_a_caller_without_headers_is_the_demo_customer()
    {
        await using var host = await StartAsync("Development");

        Assert.Equal(Demo, await host.Client.GetStringAsync("/me", Cancel));
    }

    [Fact]
    public async Task In_development_the_header_says_who_it_is()
    {
        await using var host = await StartAsync("Development");

        using var response = await SendAsync(host, "/me", Other, role: null);

        Assert.Equal(Other, await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("/operators", null, HttpStatusCode.Forbidden)]
    [InlineData("/operators", "customer", HttpStatusCode.Forbidden)]
    [InlineData("/operators", "operator", HttpStatusCode.OK)]
    [InlineData("/operators", "admin", HttpStatusCode.OK)]
    [InlineData("/admins", "operator", HttpStatusCode.Forbidden)]
    [InlineData("/admins", "admin", HttpStatusCode.OK)]
    [InlineData("/admins", "root", HttpStatusCode.Unauthorized)]
    public async Task Policies_go_by_role(string path, string? role, HttpStatusCode expected)
    {
        await using var host = await StartAsync("Development");

        using var response = await SendAsync(host, path, Other, role);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task An_id_that_is_no_guid_is_nobody()
    {
        await using var host = await StartAsync("Development");

        using var response = await SendAsync(host, "/me", "1", role: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_development_the_headers_are_worth_nothing(string environment)
    {
        await using var host = await StartAsync(environment);

        using var response = await SendAsync(host, "/admins", Other, "admin");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task No_key_ring_is_written_to_the_disk()
    {
        await using var host = await StartAsync("Production");

        Assert.DoesNotContain(
            host.Services.GetServices<IHostedService>(),
            service => service.GetType().Namespace!.Contains("DataProtection", StringComparison.Ordinal)
        );
    }

    private static Task<TestHost> StartAsync(string environment) =>
        TestHost.StartAsync(
            app =>
            {
                app.MapGet("/me", (ClaimsPrincipal user) => user.GetUserId().ToString()).RequireAuthorization();
                app.MapGet("/operators", () => "ok").RequireAuthorization(Policies.Operator);
                app.MapGet("/admins", () => "ok").RequireAuthorization(Policies.Admin);
            },
            environment: environment
        );

    private static async Task<HttpResponseMessage> SendAsync(TestHost host, string path, string userId, string? role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User-ID", userId);
        if (role is not null)
        {
            request.Headers.Add("X-User-Role", role);
        }

        return await host.Client.SendAsync(request, Cancel);
    }
}
