using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;

namespace Shop.Local.Aspire.Tests;

public sealed class DashboardSettingsTests
{
    [Fact]
    public void Addresses_are_the_usual_ones_when_none_are_given()
    {
        var settings = Read([]);

        Assert.Equal("http://localhost:18888/", Assert.Single(settings.Pages).ToString());
        Assert.Equal("http://localhost:18889/", settings.Otlp.ToString());
        Assert.Equal("http://127.0.0.1:0/", settings.Resources.ToString());
    }

    [Fact]
    public void Keys_are_made_up_and_found_in_the_configuration()
    {
        var configuration = new ConfigurationManager();
        DashboardSettings.AddDefaults(configuration);

        var settings = DashboardSettings.Read(configuration);

        Assert.Equal(configuration["AppHost:OtlpApiKey"], settings.OtlpApiKey);
        Assert.Equal(32, settings.BrowserToken?.Length);
        Assert.NotEqual(settings.BrowserToken, settings.OtlpApiKey);
        Assert.NotEmpty(settings.ResourceServiceApiKey);
    }

    [Theory]
    [InlineData("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS")]
    [InlineData("DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS")]
    public void Anonymous_access_needs_no_token_and_no_key_for_telemetry(string setting)
    {
        var settings = Read(new() { [setting] = "true" });
        var environment = settings
            .Environment(settings.Resources)
            .ToDictionary(variable => variable.Key, variable => variable.Value);

        Assert.Null(settings.BrowserToken);
        Assert.Null(settings.OtlpApiKey);
        Assert.Equal("Unsecured", environment["DASHBOARD__FRONTEND__AUTHMODE"]);
        Assert.Equal("Unsecured", environment["DASHBOARD__OTLP__AUTHMODE"]);
        Assert.Equal("ApiKey", environment["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"]);
    }

    [Fact]
    public void Port_0_becomes_a_free_port()
    {
        var settings = Read(
            new()
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0;http://127.0.0.1:0",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://127.0.0.1:0",
            }
        );

        Assert.Equal(2, settings.Pages.Count);
        Assert.DoesNotContain(0, settings.Pages.Append(settings.Otlp).Select(page => page.Port));
    }

    [Fact]
    public void Nonsense_in_place_of_an_address_is_named()
    {
        var error = Assert.Throws<DistributedApplicationException>(() =>
            Read(new() { ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "somewhere" })
        );

        Assert.Contains("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", error.Message, StringComparison.Ordinal);
        Assert.Contains("somewhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_in_use_is_named_with_the_setting_that_changes_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var error = Assert.Throws<DistributedApplicationException>(() =>
            LocalAddress.EnsureFree("ASPNETCORE_URLS", new Uri($"http://localhost:{port}"))
        );

        Assert.Contains($"http://localhost:{port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("ASPNETCORE_URLS", error.Message, StringComparison.Ordinal);
    }

    private static DashboardSettings Read(Dictionary<string, string?> given)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(given);
        DashboardSettings.AddDefaults(configuration);
        return DashboardSettings.Read(configuration);
    }
}
