using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.Gateway.Tests;

/// <summary>An instance of some service: a real server on a free port that does what the test says.</summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication server;
    private int probes;

    private Backend(WebApplication server) => this.server = server;

    /// <summary>What it does with a request from now on.</summary>
    public required RequestDelegate Behaviour { get; set; }

    /// <summary>What it says when it is asked whether it can serve.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>How often it was asked.</summary>
    public int Probes => Volatile.Read(ref probes);

    public ConcurrentQueue<Received> Requests { get; } = [];

    public string Address => server.Urls.Single();

    public static async Task<Backend> StartAsync(RequestDelegate behaviour)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var backend = new Backend(builder.Build()) { Behaviour = behaviour };
        backend.server.Run(backend.HandleAsync);
        await backend.server.StartAsync(TestContext.Current.CancellationToken);
        return backend;
    }

    public static Task<Backend> StartAsync(string answer) => StartAsync(context => context.Response.WriteAsync(answer));

    /// <summary>Takes the request and never says a word.</summary>
    public static Task StaySilentAsync(HttpContext context) =>
        Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);

    /// <summary>Takes the request and cuts the connection.</summary>
    public static Task DieAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        // The gateway's health checks are not what a test asked for.
        if (context.Request.Path == "/ready")
        {
            Interlocked.Increment(ref probes);
            context.Response.StatusCode = IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var headers = context.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        Requests.Enqueue(
            new Received(context.Request.Method, context.Request.Path + context.Request.QueryString, headers)
        );
        await Behaviour(context);
    }
}

/// <summary>A request as it arrived at the service.</summary>
public sealed record Received(string Method, string Target, Dictionary<string, string> Headers);
