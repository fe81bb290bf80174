using Yarp.ReverseProxy.Forwarder;

namespace Shop.Gateway.Failures;

/// <summary>Tells a service that could not be reached at all, so that it has seen nothing of the request.</summary>
internal static class Unreachable
{
    public static bool Is(IForwarderErrorFeature error) =>
        error.Exception
            is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                        or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError
                }
                // No connection within ConnectTimeout; other time limits have no such cause.
                or OperationCanceledException { InnerException: TimeoutException };
}
