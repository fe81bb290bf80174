using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Aspire.Hosting.Engine;

/// <summary>DCP's API: create, read, watch, change and delete objects, and follow the logs of processes.</summary>
internal sealed class DcpClient : IDisposable
{
    public const string ApiVersion = "usvc-dev.developer.microsoft.com/v1";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;

    public DcpClient(Uri server, string token, X509Certificate2 certificate)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, offered, _, _) =>
                    offered is X509Certificate2 other && other.Thumbprint == certificate.Thumbprint,
            },
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = server,
            DefaultRequestVersion = HttpVersion.Version20,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task Create<T>(string plural, T item, CancellationToken cancellationToken)
        where T : DcpObject
    {
        using var response = await _http.PostAsJsonAsync(PathOf(plural), item, Json, cancellationToken);
        await EnsureSuccess(response, $"create {item.Kind} '{item.Metadata.Name}'");
    }

    public async Task<T?> Find<T>(string plural, string name, CancellationToken cancellationToken)
        where T : DcpObject
    {
        using var response = await _http.GetAsync(PathOf(plural, name), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await EnsureSuccess(response, $"read '{name}'");
        return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken);
    }

    public async Task Delete(string plural, string name, CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync(PathOf(plural, name), cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await EnsureSuccess(response, $"delete '{name}'");
        }
    }

    /// <summary>Asks a process to end; it is killed if it does not.</summary>
    public Task StopExecutable(string name, CancellationToken cancellationToken) =>
        Patch(PathOf(DcpExecutable.Plural, name), """{"spec":{"stop":true}}""", $"stop '{name}'", cancellationToken);

    /// <summary>Ends all processes, then DCP itself.</summary>
    public Task StopServer(CancellationToken cancellationToken) =>
        Patch(
            "admin/execution",
            """{"status":"Stopping","shutdownResourceCleanup":"Full"}""",
            "stop DCP",
            cancellationToken
        );

    /// <summary>All objects of a kind, and every change to them, until the connection ends.</summary>
    public async IAsyncEnumerable<DcpWatchEvent<T>> Watch<T>(
        string plural,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : DcpObject
    {
        using var response = await _http.GetAsync(
            PathOf(plural) + "?watch=true",
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        await EnsureSuccess(response, $"watch {plural}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonSerializer.Deserialize<DcpWatchEvent<T>>(line, Json) is { Object: not null } change)
            {
                yield return change;
            }
        }
    }

    /// <summary>What a process printed and prints, line by line.</summary>
    /// <param name="name">The executable.</param>
    /// <param name="source"><c>stdout</c>, <c>stderr</c> or <c>system</c> (what DCP says about it).</param>
    /// <param name="follow">Whether to wait for more until it has ended.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<string> Logs(
        string name,
        string source,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var query = $"?source={source}&timestamps=true&follow={(follow ? "true" : "false")}";
        using var response = await _http.GetAsync(
            $"{PathOf(DcpExecutable.Plural, name)}/log{query}",
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        await EnsureSuccess(response, $"read the log of '{name}'");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return line;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task Patch(string path, string change, string what, CancellationToken cancellationToken)
    {
        // DCP takes the type literally: a charset would be refused.
        using var content = new StringContent(change, new MediaTypeHeaderValue("application/merge-patch+json"));
        using var response = await _http.PatchAsync(path, content, cancellationToken);
        await EnsureSuccess(response, what);
    }

    private static string PathOf(string plural, string? name = null) =>
        $"apis/{ApiVersion}/{plural}{(name is null ? "" : "/" + name)}";

    private static async Task EnsureSuccess(HttpResponseMessage response, string what)
    {
        if (!response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsStringAsync();
            throw new DistributedApplicationException(
                $"Aspire's engine (DCP) refused to {what}: {(int)response.StatusCode} {body}"
            );
        }
    }
}
