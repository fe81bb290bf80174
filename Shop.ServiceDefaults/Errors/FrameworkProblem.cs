using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults.Errors;

/// <summary>The shop's words for the statuses that the framework answers by itself.</summary>
internal static class FrameworkProblem
{
    public static string Kind(int? status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "bad-request",
            StatusCodes.Status401Unauthorized => "unauthenticated",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status404NotFound => "not-found",
            StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
            StatusCodes.Status408RequestTimeout => "request-timeout",
            StatusCodes.Status413PayloadTooLarge => "body-too-large",
            StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
            StatusCodes.Status429TooManyRequests => "too-many-requests",
            StatusCodes.Status502BadGateway => "bad-gateway",
            StatusCodes.Status503ServiceUnavailable => "unavailable",
            StatusCodes.Status504GatewayTimeout => "gateway-timeout",
            >= 400 and < 500 => "bad-request",
            _ => "internal-error",
        };

    public static string WhatToDo(int? status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => "Sign in, and send the access token.",
            StatusCodes.Status403Forbidden => "Your role does not allow this.",
            StatusCodes.Status404NotFound => "There is nothing at this address; check the path.",
            StatusCodes.Status405MethodNotAllowed => "This address does not take that method; see the Allow header.",
            StatusCodes.Status413PayloadTooLarge => "The body is larger than this address takes; send less.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body as JSON, with Content-Type: application/json.",
            StatusCodes.Status429TooManyRequests => "Wait as long as Retry-After says, then repeat.",
            StatusCodes.Status502BadGateway
            or StatusCodes.Status503ServiceUnavailable
            or StatusCodes.Status504GatewayTimeout => "A part of the shop does not answer; try again later.",
            >= 400 and < 500 => "The request is not valid; see the API's description.",
            _ => "This is a fault of ours. Try again later; if it stays, report the trace id or the correlation id.",
        };
}
