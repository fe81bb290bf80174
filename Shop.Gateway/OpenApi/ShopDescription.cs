using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Polly;
using Shop.Gateway.Routing;

namespace Shop.Gateway.OpenApi;

/// <summary>The description of the whole shop's API, put together from what the services say of themselves.</summary>
internal sealed partial class ShopDescription(
    IHttpClientFactory clients,
    [FromKeyedServices(ShopDescription.Version)] IOpenApiDocumentProvider own,
    TimeProvider time,
    ILogger<ShopDescription> logger
) : IDisposable
{
    private const string Version = "v1";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    // A service that has just started shall not be missing for long.
    private static readonly TimeSpan LifeWithoutAService = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private const string Introduction = """
        Everything that the shop does for its customers and its staff.

        **Signing in.** Anybody may look at products and search. All else wants an access token, which `POST /connect/token`
        gives, in the header `Authorization: Bearer ...`. What is another customer's is answered 404, as if it were not there.

        **Errors** are problem details (RFC 9457): `type` stands for the kind of problem and never changes, `detail` says what
        to do, `errors` names the fields, and `correlationId` is what to tell the shop's staff.

        **Repeating.** Send commands with an `Idempotency-Key` where one is taken; then they can be repeated after 502, 503 and
        504, and are done once. The headers `RateLimit-*` say how much is left; 429 and 503 say with `Retry-After` when to
        come back.

        **Versions.** This is version 1. Members and operations may be added to it; what is there stays.
        """;

    private static readonly Dictionary<string, string> About = new()
    {
        ["catalog"] = "Products and their prices; everybody reads, administrators write.",
        ["ordering"] = "Orders, from the basket to the doorstep.",
        ["inventory"] = "How many pieces there are, and how many of them are reserved.",
        ["payments"] = "What was paid for orders, and what was paid back.",
        ["users"] = "Accounts, roles, and access tokens.",
        ["search"] = "Finds products by words, with typos in them, too.",
        ["billing"] = "Invoices and credit notes, to read and to print.",
        ["notifications"] = "What customers are told, by e-mail, SMS and push.",
    };

    private readonly SemaphoreSlim asking = new(1);
    private byte[] last = [];
    private DateTimeOffset lastUntil;

    /// <summary>As JSON, at most a minute old.</summary>
    public async Task<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() >= lastUntil)
            {
                var (document, isWhole) = await AskAllAsync(cancellationToken);
                last = JsonSerializer.SerializeToUtf8Bytes(document);
                lastUntil = time.GetUtcNow() + (isWhole ? Life : LifeWithoutAService);
            }

            return last;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose() => asking.Dispose();

    private async Task<(JsonObject Document, bool IsWhole)> AskAllAsync(CancellationToken cancellationToken)
    {
        var services = ServiceRoutes.Paths;
        var answers = await Task.WhenAll(services.Select(service => AskAsync(service.Key, cancellationToken)));
        var merge = new DescriptionMerge();
        // What the gateway only translates, a service describes.
        merge.Add(
            "shop",
            "Several services in one answer.",
            ["/api/dashboard", "/graphql"],
            await OwnAsync(cancellationToken)
        );
        var missing = new List<string>();
        foreach (var (service, answer) in services.Zip(answers))
        {
            if (answer is null)
            {
                missing.Add(service.Key);
            }
            else
            {
                merge.Add(service.Key, About[service.Key], [.. service.Select(one => one.Path)], answer);
            }
        }

        return missing.Count == 0
            ? (merge.Document(Introduction), true)
            : (
                merge.Document($"{Introduction}\n\nNot here, because unreachable: {string.Join(", ", missing)}."),
                false
            );
    }

    /// <summary>What the gateway answers itself.</summary>
    private async Task<JsonObject> OwnAsync(CancellationToken cancellationToken)
    {
        var document = await own.GetOpenApiDocumentAsync(cancellationToken);
        return JsonNode
            .Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken))!
            .AsObject();
    }

    private async Task<JsonObject?> AskAsync(string service, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            // A client for each, so that the circuit breaker of one that is down does not cut off the others.
            using var client = clients.CreateClient($"{nameof(ShopDescription)} {service}");
            var address = new Uri($"https+http://{service}/openapi/v1.json");
            return await client.GetFromJsonAsync<JsonObject>(address, limit.Token);
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                        or JsonException
                        or ExecutionRejectedException
                        or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            Log.Unreachable(logger, service, exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Service} does not describe its API")]
        public static partial void Unreachable(ILogger logger, string service, Exception exception);
    }
}
