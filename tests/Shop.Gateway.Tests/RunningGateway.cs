using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Gateway.Tests;

/// <summary>The gateway as it runs in production, on a free port, with settings as the command line gives them.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private RunningGateway(WebApplication application)
    {
        Application = application;
        // No spans of the client's own: what a test sends as traceparent is what arrives.
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = new Uri(application.Urls.Single()),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public WebApplication Application { get; }

    public HttpClient Client { get; }

    /// <summary>Starts it with settings such as <c>services:catalog:http:0=http://127.0.0.1:1234</c>.</summary>
    public static Task<RunningGateway> StartAsync(params string[] settings) =>
        StartAsync(TimeProvider.System, settings);

    /// <summary>The same with a clock of the test's own.</summary>
    public static async Task<RunningGateway> StartAsync(TimeProvider time, params string[] settings)
    {
        string[] defaults =
        [
            "urls=http://127.0.0.1:0",
            "environment=Production",
            "Logging:LogLevel:Default=None",
            "Identity:Issuer=https://shop.test/",
        ];
        var application = GatewayApplication.Build(
            [.. defaults.Concat(settings).Select(setting => "--" + setting)],
            builder => builder.Services.AddSingleton(time)
        );
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new RunningGateway(application);
    }

    /// <summary>Starts it in front of instances of the catalogue.</summary>
    public static Task<RunningGateway> StartAsync(params Backend[] catalog) =>
        StartAsync([.. catalog.Select((instance, i) => $"services:catalog:http:{i}={instance.Address}")]);

    public async Task<string> GetStringAsync(string path) =>
        await Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent content) =>
        SendAsync(new(HttpMethod.Post, path) { Content = content });

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            return await Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Application.DisposeAsync();
    }
}

/// <summary>Looks into answers.</summary>
public static class AnswerExtensions
{
    /// <summary>Asserts that the answer is problem details of that status and kind, and returns them.</summary>
    public static async Task<JsonElement> ProblemAsync(
        this HttpResponseMessage response,
        HttpStatusCode status,
        string kind
    )
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal("https://shop.example/problems/" + kind, problem.RootElement.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.Clone();
    }
}
