using System.Net;

namespace Shop.EndToEnd.Walk;

/// <summary>Repeats what a busy machine did not do in time, as its answer says.</summary>
internal sealed class Patience(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int Attempts = 5;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (
                response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
                || attempt == Attempts
            )
                return response;
            response.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(attempt), cancellationToken);
        }
    }
}
