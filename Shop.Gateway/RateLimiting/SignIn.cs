using Microsoft.AspNetCore.Http.Features;

namespace Shop.Gateway.RateLimiting;

/// <summary>
/// Tells attempts to sign in, and whose account they try; and what else makes the service hash a password, which is slow on
/// purpose, or tells whether there is an account.
/// </summary>
internal static class SignIn
{
    /// <summary>More than a form of user name and password has.</summary>
    private const int LongestForm = 16 * 1024;

    private const string TokenPath = "/connect/token";
    private const string LoginPath = "/account/login";

    public static bool Is(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
            ? IsAt(request, TokenPath)
                || IsAt(request, LoginPath)
                || IsAt(request, "/account/register")
                || request.Path.Value?.TrimEnd('/').Equals("/api/users", StringComparison.OrdinalIgnoreCase) is true
            : HttpMethods.IsPut(request.Method) && IsAt(request, "/api/users/me/password");

    /// <summary>The account's name in the form, which the service then reads once more.</summary>
    /// <exception cref="BadHttpRequestException">The form is too long, or none that anybody can read.</exception>
    public static async ValueTask<string?> AccountAsync(HttpRequest request)
    {
        // Each of them by the one name that the service goes by: another would be a decoy.
        var field =
            IsAt(request, TokenPath) ? "username"
            : IsAt(request, LoginPath) ? "email"
            : null;
        if (field is null || !request.HasFormContentType)
        {
            return null;
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LongestForm;
        }

        request.EnableBuffering(LongestForm);
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form[field].ToString();
        }
        // A part that never ends is the stream's fault to the reader; too long a body says so itself.
        catch (Exception exception)
            when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form cannot be read.", exception);
        }
    }

    private static bool IsAt(HttpRequest request, string path) =>
        request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);
}
