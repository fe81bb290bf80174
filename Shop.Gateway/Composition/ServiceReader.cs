using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Polly;

namespace Shop.Gateway.Composition;

/// <summary>
/// Reads from the services for answers that are composed of several. No service can hold such an answer up for longer than
/// <see cref="GatewayOptions.PartTimeout"/>, whatever number of tries that is.
/// </summary>
internal sealed partial class ServiceReader(
    IHttpClientFactory clients,
    IOptions<GatewayOptions> options,
    IOptions<JsonOptions> json,
    ILogger<ServiceReader> logger
)
{
    public async Task<Answer<T>> GetAsync<T>(string service, string path, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.PartTimeout);
        try
        {
            using var client = clients.CreateClient(service);
            using var response = await client.GetAsync(
                new Uri(path, UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead,
                limit.Token
            );
            return await ReadAsync<T>(service, response, limit.Token);
        }
        catch (Exception exception) when (IsNoAnswer(exception) && !cancellationToken.IsCancellationRequested)
        {
            Log.NoAnswer(logger, service, exception.Message);
            return new Answer<T>(Outcome.Unavailable);
        }
    }

    private async Task<Answer<T>> ReadAsync<T>(
        string service,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (response.IsSuccessStatusCode)
        {
            return
                await response.Content.ReadFromJsonAsync<T>(json.Value.SerializerOptions, cancellationToken)
                    is { } value
                ? new Answer<T>(Outcome.Answered, value)
                : new Answer<T>(Outcome.NotFound);
        }

        var outcome = response.StatusCode switch
        {
            HttpStatusCode.NotFound => Outcome.NotFound,
            HttpStatusCode.Unauthorized => Outcome.Unauthenticated,
            HttpStatusCode.BadRequest => Outcome.Invalid,
            _ => Outcome.Unavailable,
        };
        if (outcome == Outcome.Unavailable)
        {
            Log.NoAnswer(logger, service, $"It answered {(int)response.StatusCode}.");
        }

        return new Answer<T>(outcome);
    }

    // Polly's rejections are an open circuit breaker and a try that took too long.
    private static bool IsNoAnswer(Exception exception) =>
        exception
            is HttpRequestException
                or IOException
                or OperationCanceledException
                or ExecutionRejectedException
                or JsonException
                or NotSupportedException;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The {Service} service gave no part of a composed answer: {Reason}")]
        public static partial void NoAnswer(ILogger logger, string service, string reason);
    }
}
