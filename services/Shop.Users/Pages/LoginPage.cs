using Shop.Users.SignIn;

namespace Shop.Users.Pages;

/// <summary><c>/account/login</c>: an e-mail address and a password for a session.</summary>
internal static class LoginPage
{
    public const string Path = "/account/login";

    // The same for an unknown address, a wrong password and a locked account.
    private const string Refusal =
        "The e-mail address or the password is wrong. After five wrong passwords an account is locked for five minutes.";

    public static async Task<IResult> ShowAsync(HttpContext http, Session session, Form form)
    {
        var address = ReturnAddress.Of(http.Request);
        // A client that sends somebody here, signed in or not, wants them to sign in.
        return address is null && await session.FindAsync(http) is { } signedIn
            ? new Page(
                "You are signed in",
                $"""<p>As {Page.Encode(signedIn.Person.Email)}.</p><p class="more"><a href="{LogoutPage.Path}">Sign out</a></p>"""
            )
            : Show(http, form, address);
    }

    public static async Task<IResult> SignInAsync(HttpContext http, Form form, PasswordCheck passwords)
    {
        var address = ReturnAddress.Of(http.Request);
        if (await form.ReadAsync(http) is not { } sent)
        {
            return Show(http, form, address, "The page was open for too long. Please sign in again.");
        }

        var email = sent["email"].ToString();
        if (await passwords.FindAsync(email, sent["password"]) is not { } person)
        {
            return Show(http, form, address, Refusal, email);
        }

        await Session.BeginAsync(http, person);
        return Redirect.To(address ?? Path);
    }

    private static Page Show(
        HttpContext http,
        Form form,
        string? address,
        string? problem = null,
        string? email = null
    ) =>
        new(
            "Sign in",
            Form.Problem(problem)
                + form.Html(
                    http,
                    ReturnAddress.AddTo(Path, address),
                    Form.Field("email", "E-mail address", "email", "username", email)
                        + Form.Field("password", "Password", "password", "current-password")
                        + "<button>Sign in</button>"
                )
                + $"""<p class="more">New here? <a href="{Page.Encode(
                    ReturnAddress.AddTo(RegisterPage.Path, address)
                )}">Create an account</a></p>""",
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
}
