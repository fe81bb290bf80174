using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.ServiceDefaults.Tests;

/// <summary>Somebody to whom telemetry is sent over HTTP; keeps what comes.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, string? Key, string Body)> _received = new();

    private Collector(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    /// <summary>Path, the header <c>api-key</c>, and the body read as Latin-1, so that words within protobuf can be found.</summary>
    public IReadOnlyCollection<(string Path, string? Key, string Body)> Received => _received;

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = new Collector(builder.Build());
        collector._server.MapFallback(collector.TakeAsync);
        await collector._server.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpRequest request, HttpResponse response)
    {
        Stream body = request.Body;
        if (request.Headers.ContentEncoding == "gzip")
        {
            body = new GZipStream(body, CompressionMode.Decompress);
        }

        using var reader = new StreamReader(body, Encoding.Latin1);
        _received.Enqueue((request.Path, request.Headers["api-key"], await reader.ReadToEndAsync()));
        response.StatusCode = StatusCodes.Status200OK;
    }
}
