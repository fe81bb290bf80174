using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polly;

namespace Shop.Storefront.Api;

/// <summary>
/// Asks the gateway's public API as the user who looks at the page. Time limits, retries and circuit breakers are those of
/// every HTTP client of the shop; what goes wrong is a value, so that a page can show the rest.
/// </summary>
internal sealed partial class ShopApi(HttpClient http, ILogger<ShopApi> logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Reads something.</summary>
    /// <param name="path">The path with its query, without a slash at the beginning.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiResult<T>> GetAsync<T>(string path, CancellationToken cancellationToken = default)
        where T : class => SendAsync<T>(HttpMethod.Get, path, body: null, configure: null, cancellationToken);

    /// <summary>Changes something.</summary>
    /// <param name="method">POST, PUT, PATCH or DELETE.</param>
    /// <param name="path">The path, without a slash at the beginning.</param>
    /// <param name="body">Becomes JSON.</param>
    /// <param name="configure">Sets headers, such as <c>Idempotency-Key</c> or <c>If-Match</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ApiResult<T>> SendAsync<T>(
        HttpMethod method,
        string path,
        object? body = null,
        Action<HttpRequestHeaders>? configure = null,
        CancellationToken cancellationToken = default
    )
        where T : class
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        }

        configure?.Invoke(request.Headers);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? new ApiResult<T>(
                    await ReadAsync<T>(response, cancellationToken),
                    null,
                    response.Headers.ETag?.ToString()
                )
                : new ApiResult<T>(null, await ReadProblemAsync(response, cancellationToken));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or ExecutionRejectedException or JsonException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            LogNoAnswer(logger, method.Method, path.Split('?')[0], exception.Message);
            return new ApiResult<T>(null, ApiProblem.Unavailable);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        where T : class
    {
        if (typeof(T) == typeof(NoBody))
        {
            return (T)(object)NoBody.Instance;
        }

        return typeof(T) == typeof(string)
            ? (T)(object)await response.Content.ReadAsStringAsync(cancellationToken)
            : await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken)
                ?? throw new JsonException("The answer is empty.");
    }

    private static async Task<ApiProblem> ReadProblemAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return new ApiProblem(status, Type: null, response.ReasonPhrase, Detail: null, Errors: null);
        }

        var problem = await response.Content.ReadFromJsonAsync<ApiProblem>(Json, cancellationToken);
        return (problem ?? ApiProblem.Unavailable) with { Status = status };
    }

    [LoggerMessage(LogLevel.Warning, "{Method} /{Path} got no answer: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, string method, string path, string reason);
}
