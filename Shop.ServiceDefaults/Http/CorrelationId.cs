using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults;

/// <summary>
/// The id by which a caller finds everything that was done for one request, in every service's log. It comes with the
/// request's <c>X-Correlation-ID</c>, or is the id of the request's trace.
/// </summary>
public static class CorrelationId
{
    /// <summary>The header's name, in requests and responses.</summary>
    public const string HeaderName = "X-Correlation-ID";

    private const int MaxLength = 128;

    // What is in a log line must not break it, so nothing but these.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.:"
    );

    /// <summary>The correlation id of a request, or <see langword="null"/> before the middleware has run.</summary>
    public static string? Of(HttpContext context) =>
        context.Items.TryGetValue(typeof(CorrelationId), out var value) ? value as string : null;

    /// <summary>Takes the caller's id when it is one (1 to 128 letters, digits, <c>- _ . :</c>), else that of the trace.</summary>
    internal static string Establish(HttpContext context)
    {
        var given = context.Request.Headers[HeaderName];
        var correlationId =
            given is [{ } value] && IsValid(value)
                ? value
                : Activity.Current?.TraceId.ToHexString() ?? Guid.CreateVersion7().ToString("N");
        context.Items[typeof(CorrelationId)] = correlationId;
        // A proxy copies the request's headers, so the next service gets the same id.
        context.Request.Headers[HeaderName] = correlationId;
        return correlationId;
    }

    private static bool IsValid(string value) =>
        value.Length is > 0 and <= MaxLength && !value.AsSpan().ContainsAnyExcept(Allowed);
}
