using Microsoft.AspNetCore;
using Shop.Users.Pages;

namespace Shop.Users.Provider;

/// <summary>
/// A request of the protocol that is so wrong that it is not known where to send its sender: the browser's owner is told.
/// </summary>
internal static class ProtocolError
{
    /// <summary>A page about it, or null when nothing is wrong.</summary>
    public static IResult? In(HttpContext http) =>
        http.GetOpenIddictServerResponse() is { Error: { } error } response
            ? new Page(
                "This did not work",
                $"""
                <p>The page that has sent you here asked for something that is not allowed. Go back and try again; if that does not
                help, tell whoever runs it:</p>
                <p class="error">{Page.Encode(error)}: {Page.Encode(response.ErrorDescription)}</p>
                """,
                StatusCodes.Status400BadRequest
            )
            : null;
}
