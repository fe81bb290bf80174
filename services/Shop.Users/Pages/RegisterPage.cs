using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Shop.Messaging;
using Shop.Users.Accounts;
using Shop.Users.Data;
using Shop.Users.SignIn;

namespace Shop.Users.Pages;

/// <summary><c>/account/register</c>: the same as <c>POST /api/users</c>, for people; and they are signed in.</summary>
internal static class RegisterPage
{
    public const string Path = "/account/register";

    public static IResult Show(HttpContext http, Form form) => Show(http, form, new RegisterRequest(null, null, null));

    public static async Task<IResult> RegisterAsync(
        HttpContext http,
        Form form,
        Outbox<UsersDbContext> outbox,
        UserManager<Credential> users,
        TimeProvider time
    )
    {
        if (await form.ReadAsync(http) is not { } sent)
        {
            return Show(http, form, new(null, null, null), "The page was open for too long. Please try again.");
        }

        var body = new RegisterRequest(sent["email"], sent["name"], sent["password"]);
        var registered = await Register.HandleAsync(body, http, outbox, users, time);
        if (registered.Result is ProblemHttpResult refused)
        {
            refused.ProblemDetails.Extensions.TryGetValue("errors", out var found);
            var errors = found as IDictionary<string, string[]>;
            return Show(http, form, body, errors is null ? refused.ProblemDetails.Detail : null, errors);
        }

        // Who has come so far has given the password.
        var credential = await users.FindByNameAsync(body.TidyEmail);
        await Session.BeginAsync(http, Person.Of(credential!));
        // It is a page, and not the API's answer.
        http.Response.Headers.ETag = default;
        return Redirect.To(ReturnAddress.Of(http.Request) ?? LoginPage.Path);
    }

    private static Page Show(
        HttpContext http,
        Form form,
        RegisterRequest body,
        string? problem = null,
        IDictionary<string, string[]>? errors = null
    )
    {
        var address = ReturnAddress.Of(http.Request);
        return new Page(
            "Create an account",
            Form.Problem(problem)
                + form.Html(
                    http,
                    ReturnAddress.AddTo(Path, address),
                    Form.Field("name", "Name", "text", "name", body.Name, problem: Error("name"))
                        + Form.Field(
                            "email",
                            "E-mail address",
                            "email",
                            "username",
                            body.Email,
                            problem: Error("email")
                        )
                        + Form.Field(
                            "password",
                            "Password",
                            "password",
                            "new-password",
                            hint: $"At least {PasswordRules.MinLength} characters.",
                            problem: Error("password")
                        )
                        + "<button>Create the account</button>"
                )
                + $"""<p class="more">Already have an account? <a href="{Page.Encode(
                    ReturnAddress.AddTo(LoginPage.Path, address)
                )}">Sign in</a></p>""",
            problem is null && errors is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );

        string? Error(string field) =>
            errors is not null && errors.TryGetValue(field, out var found) ? $"It {found[0]}." : null;
    }
}
