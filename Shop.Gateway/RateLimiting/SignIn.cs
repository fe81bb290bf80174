using Microsoft.AspNetCore.WebUtilities;

namespace Shop.Gateway.RateLimiting;

/// <summary>Tells attempts to sign in, and whose account they try.</summary>
internal static class SignIn
{
    /// <summary>More than a form of user name and password has; what is longer is counted by its address alone.</summary>
    private const int LongestForm = 16 * 1024;

    private static readonly string[] AccountFields = ["username", "email", "Input.Email"];

    public static bool Is(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && (
            request.Path.StartsWithSegments("/connect/token", StringComparison.OrdinalIgnoreCase)
            || request.Path.StartsWithSegments("/account/login", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The account's name in the form, which the service then reads once more.</summary>
    public static async ValueTask<string?> AccountAsync(HttpRequest request)
    {
        if (!request.HasFormContentType || request.ContentLength is not (> 0 and <= LongestForm))
        {
            return null;
        }

        request.EnableBuffering(LongestForm);
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var fields = QueryHelpers.ParseQuery(await reader.ReadToEndAsync(request.HttpContext.RequestAborted));
        request.Body.Position = 0;
        return AccountFields
            .Select(field => fields.TryGetValue(field, out var value) ? value.ToString() : null)
            .FirstOrDefault(name => name is { Length: > 0 });
    }
}
