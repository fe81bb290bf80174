using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Tests;

public sealed class IdentityTests
{
    private static readonly Guid User = Guid.Parse("01900000-0000-7000-8000-0000000000aa");

    [Theory]
    [InlineData("Development")]
    [InlineData("Staging")]
    [InlineData("Production")]
    public async Task Headers_that_say_who_it_is_are_worth_nothing_anywhere(string environment)
    {
        await using var host = await TokenHost.StartAsync(environment);

        foreach (var path in new[] { "/me", "/operators", "/admins", "/forgotten" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(path, token: null));
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                await host.StatusAsync(path, token: null, ("X-User-ID", $"{User}"), ("X-User-Role", "admin"))
            );
        }
    }

    [Fact]
    public async Task An_endpoint_that_does_not_say_who_may_call_it_is_for_those_who_are_signed_in()
    {
        await using var host = await TokenHost.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/forgotten", token: null));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/forgotten", host.Tokens.Issue(User)));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/anyone", token: null));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_whoever_asks()
    {
        await using var host = await TokenHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync("/nowhere", token: null));
    }

    [Fact]
    public async Task No_key_ring_is_written_to_the_disk()
    {
        await using var host = await TestHost.StartAsync();

        Assert.DoesNotContain(
            host.Services.GetServices<IHostedService>(),
            service => service.GetType().Namespace!.Contains("DataProtection", StringComparison.Ordinal)
        );
    }
}
