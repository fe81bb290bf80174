using System.Globalization;
using Microsoft.Net.Http.Headers;
using Shop.Users.Domain;

namespace Shop.Users.Accounts;

/// <summary>The ETag of a person's account: its version.</summary>
internal static class UserTag
{
    /// <summary>Tells the caller which version the answer shows.</summary>
    public static void Write(HttpResponse response, User user) => response.Headers.ETag = Of(user);

    /// <summary>Whether the caller has this version already (<c>If-None-Match</c>).</summary>
    public static bool IsKnown(HttpRequest request, User user) =>
        EntityTagHeaderValue.TryParseStrictList(request.Headers.IfNoneMatch, out var known)
        && known.Any(tag =>
            tag == EntityTagHeaderValue.Any
            || tag.Compare(new EntityTagHeaderValue(Of(user)), useStrongComparison: false)
        );

    /// <summary>
    /// Whether a change may go on: the request names no version, or this one (RFC 9110, 13.1.1: strong comparison).
    /// </summary>
    public static bool Allows(HttpRequest request, User user) =>
        request.Headers.IfMatch.Count == 0
        || (
            EntityTagHeaderValue.TryParseStrictList(request.Headers.IfMatch, out var wanted)
            && wanted.Any(tag =>
                tag == EntityTagHeaderValue.Any
                || tag.Compare(new EntityTagHeaderValue(Of(user)), useStrongComparison: true)
            )
        );

    private static string Of(User user) => string.Create(CultureInfo.InvariantCulture, $"\"{user.Version}\"");
}
