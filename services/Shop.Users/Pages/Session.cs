using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Shop.Users.Provider;
using Shop.Users.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Users.Pages;

/// <summary>Somebody who is signed in at a browser, and since when.</summary>
internal sealed record SignedIn(Person Person, DateTimeOffset Since)
{
    /// <summary>The same as the protocol writes it: seconds since 1970.</summary>
    public string AuthenticationTime => Since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Who is signed in at a browser. The cookie is good for the provider's own pages alone: no service and no API looks at it.
/// It ends with the browser, after a day's work, or when the password is changed.
/// </summary>
internal sealed class Session(PasswordCheck passwords)
{
    public const string Scheme = "Session";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    public static void Configure(CookieAuthenticationOptions options, bool isDevelopment)
    {
        // With the prefix a browser takes it only with Secure, and from no other host.
        options.Cookie.Name = isDevelopment ? "shop.session" : "__Host-shop.session";
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = false;
    }

    public async Task<SignedIn?> FindAsync(HttpContext http)
    {
        var ticket = await http.AuthenticateAsync(Scheme);
        if (!ticket.Succeeded || ticket.Properties.IssuedUtc is not { } since)
        {
            return null;
        }

        var person = await passwords.ReloadAsync(
            Guid.Parse(ticket.Principal.FindFirstValue(Claims.Subject)!),
            ticket.Principal.FindFirstValue(Principals.SecurityStamp)
        );
        return person is null ? null : new SignedIn(person, since);
    }

    public static Task BeginAsync(HttpContext http, Person person) =>
        http.SignInAsync(
            Scheme,
            new ClaimsPrincipal(
                new ClaimsIdentity(
                    [
                        new Claim(Claims.Subject, person.Id.ToString()),
                        new Claim(Principals.SecurityStamp, person.SecurityStamp),
                    ],
                    Scheme
                )
            )
        );

    public static Task EndAsync(HttpContext http) => http.SignOutAsync(Scheme);
}
