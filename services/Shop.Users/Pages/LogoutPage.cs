namespace Shop.Users.Pages;

/// <summary><c>/account/logout</c>: ends the session, if its owner says so: a link from elsewhere must not.</summary>
internal static class LogoutPage
{
    public const string Path = "/account/logout";

    public static async Task<IResult> ShowAsync(HttpContext http, Session session, Form form) =>
        await session.FindAsync(http) is null
            ? new Page("You are signed out", $"""<p class="more"><a href="{LoginPage.Path}">Sign in</a></p>""")
            : Ask(http, form, Path, []);

    public static async Task<IResult> SignOutAsync(HttpContext http, Form form)
    {
        if (await form.ReadAsync(http) is null)
        {
            return Ask(http, form, Path, []);
        }

        await Session.EndAsync(http);
        return Redirect.To(Path);
    }

    /// <summary>Asks whether to sign out.</summary>
    /// <param name="http">The request that is answered with it.</param>
    /// <param name="form">What makes the form.</param>
    /// <param name="action">Where a yes goes.</param>
    /// <param name="values">What goes with it; a null is left out.</param>
    public static Page Ask(
        HttpContext http,
        Form form,
        string action,
        IEnumerable<KeyValuePair<string, string?>> values
    ) =>
        new(
            "Sign out?",
            form.Html(
                http,
                action,
                string.Concat(values.Where(field => field.Value is not null).Select(Hidden))
                    + "<button>Sign out</button>"
            )
        );

    private static string Hidden(KeyValuePair<string, string?> field) =>
        $"""<input type="hidden" name="{field.Key}" value="{Page.Encode(field.Value)}">""";
}
