using Grpc.Core;

namespace Shop.ServiceDefaults.Http;

/// <summary>What gRPC says of a call in HTTP's terms.</summary>
internal static class GrpcStatus
{
    /// <summary>
    /// Whether a gRPC service answered that it cannot serve now. HTTP's status is 200 then; the true one is among the headers
    /// when there is no message, and otherwise among the trailers, where nobody looks before the message has been read.
    /// </summary>
    public static bool IsUnavailable(HttpResponseMessage? response) =>
        response is not null
        && response.Headers.TryGetValues("grpc-status", out var values)
        && values.FirstOrDefault() == StatusCode.Unavailable.ToString("D");
}
