using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Tests;

/// <summary>What only a real server on a real socket does.</summary>
public sealed class ServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_over_a_megabyte_is_refused()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = AddressOf(app) };
        using var content = new StringContent($"\"{new string('x', 1024 * 1024)}\"", Encoding.UTF8, "application/json");

        using var response = await client.PostAsync("/echo", content, Cancel);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        var problem = await Json.ReadAsync(response);
        Assert.Equal("https://shop.example/problems/body-too-large", problem.Text("type"));
    }

    [Fact]
    public async Task The_server_does_not_say_what_it_is()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = AddressOf(app) };

        using var response = await client.PostAsJsonAsync("/echo", "hello", Cancel);

        Assert.Equal("hello", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Empty(response.Headers.Server);
    }

    [Fact]
    public async Task A_port_in_use_ends_the_service_with_exit_code_1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var exitCode = await ModuleHost
            .RunAsync<EmptyModule>(["--urls", $"http://{other.LocalEndpoint}", "--Identity:Issuer=https://shop.test/"])
            .WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Without_an_issuer_of_tokens_the_service_ends_with_exit_code_1()
    {
        var exitCode = await ModuleHost
            .RunAsync<EmptyModule>(["--urls", "http://127.0.0.1:0"])
            .WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(1, exitCode);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["Identity:Issuer"] = "https://shop.test/";
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapPost("/echo", ([FromBody] string text) => text).AllowAnonymous();
        await app.StartAsync(Cancel);
        return app;
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private sealed class EmptyModule : IModule
    {
        public static string Name => "empty";

        public static void AddServices(IHostApplicationBuilder builder) { }

        public static void MapEndpoints(IEndpointRouteBuilder endpoints) { }
    }
}
