using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults.Tests;

public sealed class HealthCheckVerbTests
{
    [Theory]
    [InlineData(200, 0, "")]
    [InlineData(503, 1, "things: ADDRESS/healthz answers 503.\n")]
    public async Task Alive_is_exit_code_0_and_anything_else_1(int status, int exitCode, string said)
    {
        await using var app = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]).Build();
        app.MapGet("/healthz", () => TypedResults.StatusCode(status));
        await app.StartAsync(TestContext.Current.CancellationToken);

        var run = await RunAsync($"--urls={app.Urls.Single()}");

        Assert.Equal((exitCode, said.Replace("ADDRESS", app.Urls.Single(), StringComparison.Ordinal)), run);
    }

    [Fact]
    public async Task No_answer_is_one_sentence()
    {
        var (exitCode, error) = await RunAsync("--urls=http://127.0.0.1:1");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("things: http://127.0.0.1:1/healthz does not answer: ", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task No_plain_address_is_one_sentence_that_says_what_to_set()
    {
        var (exitCode, error) = await RunAsync("--urls=https://localhost:8443");

        Assert.Equal(1, exitCode);
        Assert.Contains("ASPNETCORE_HTTP_PORTS", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5000/healthz")]
    [InlineData("http://127.0.0.1:8080/healthz", "http_ports=8080")]
    [InlineData("http://127.0.0.1:8081/healthz", "urls=https://*:8443;http://*:8081", "http_ports=8080")]
    [InlineData("http://shop:8081/healthz", "urls=http://shop:8081")]
    [InlineData(
        "http://127.0.0.1:8082/healthz",
        "Kestrel:Endpoints:grpc:Url=http://*:8083",
        "Kestrel:Endpoints:grpc:Protocols=Http2",
        "Kestrel:Endpoints:http:Url=http://0.0.0.0:8082",
        "urls=http://*:8081"
    )]
    [InlineData(null, "https_ports=8443")]
    public void It_asks_where_the_server_listens(string? address, params string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .Select(setting => setting.Split('=', 2))
                    .Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))
            )
            .Build();

        Assert.Equal(address, HealthCheckVerb.AddressIn(configuration)?.ToString());
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(params string[] settings)
    {
        await using var error = new StringWriter { NewLine = "\n" };
        return (await HealthCheckVerb.RunAsync("things", [HealthCheckVerb.Name, .. settings], error), error.ToString());
    }
}
