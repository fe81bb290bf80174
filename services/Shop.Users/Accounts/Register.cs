using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Text;
using Shop.Users.Data;
using Shop.Users.Domain;
using Shop.Users.Messages;
using Shop.Users.SignIn;

namespace Shop.Users.Accounts;

/// <summary>Who wants an account. A misspelt member is an error, not an omission.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegisterRequest(string? Email, string? Name, string? Password)
{
    [JsonIgnore]
    public string TidyEmail => UserText.Tidy(Email);

    [JsonIgnore]
    public string TidyName => UserText.Tidy(Name);

    /// <summary>Shows nothing of what it holds, least of all the password.</summary>
    public override string ToString() => nameof(RegisterRequest);
}

/// <summary>
/// <c>POST /api/users</c>: a new account. An address is registered once, however it is spelt. Who repeats a request with the
/// same <c>Idempotency-Key</c> gets the first answer again.
/// </summary>
internal static class Register
{
    private const string KeyHeader = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxKeyLength = 200;

    public static async Task<Results<Created<UserView>, ProblemHttpResult>> HandleAsync(
        RegisterRequest body,
        HttpContext http,
        Outbox<UsersDbContext> outbox,
        UserManager<Credential> users,
        TimeProvider time
    )
    {
        var key = http.Request.Headers[KeyHeader].ToString();
        if (Check(body, key) is { Count: > 0 } broken)
        {
            return Problems.Validation(broken);
        }

        var hash = key.Length == 0 ? null : HashOf(key, body);
        if (await users.FindByNameAsync(body.TidyEmail) is { } existing)
        {
            return await RepeatedAsync(existing);
        }

        var now = time.GetUtcNow();
        var user = User.Register(Guid.CreateVersion7(now), body.TidyEmail, body.TidyName, now, hash);
        outbox.Add(UserRegistered.Of(user), user.Id.ToString());
        var created = await users.CreateAsync(new Credential(user), body.Password!);
        if (!created.Succeeded)
        {
            // Somebody was quicker, perhaps the same caller.
            return await users.FindByNameAsync(body.TidyEmail) is { } other
                ? await RepeatedAsync(other)
                : UserProblems.EmailTaken();
        }

        return Created(user, http.Response);

        // The password is not in the hash of the registration: that one is quick to make, so it would be quick to guess.
        async Task<Results<Created<UserView>, ProblemHttpResult>> RepeatedAsync(Credential taken) =>
            IsSame(taken.User, hash) && await users.CheckPasswordAsync(taken, body.Password!)
                ? Repeated(taken.User, body, http.Response)
                : UserProblems.EmailTaken();
    }

    private static Dictionary<string, string[]> Check(RegisterRequest body, string key)
    {
        var broken = new Dictionary<string, string[]>();
        if (UserRules.Email(body.TidyEmail) is { } email)
        {
            broken["email"] = [email];
        }

        if (UserRules.Name(body.TidyName) is { } name)
        {
            broken["name"] = [name];
        }

        if (PasswordRules.Check(body.Password, body.TidyEmail, body.TidyName) is { } password)
        {
            broken["password"] = [password];
        }

        if (key.Length > MaxKeyLength || key.Any(character => character is <= ' ' or > '~'))
        {
            broken[KeyHeader] = [$"must be at most {MaxKeyLength} printable ASCII characters without spaces"];
        }

        return broken;
    }

    private static bool IsSame(User existing, byte[]? hash) =>
        hash is not null && existing.RegistrationHash is { } first && hash.SequenceEqual(first);

    // The first answer is made anew rather than read, so that it shows nothing that was added to the account since.
    private static Created<UserView> Repeated(User existing, RegisterRequest body, HttpResponse response)
    {
        response.Headers[ReplayedHeader] = "true";
        return Created(User.Register(existing.Id, body.TidyEmail, body.TidyName, existing.CreatedAt), response);
    }

    private static Created<UserView> Created(User user, HttpResponse response)
    {
        UserTag.Write(response, user);
        return TypedResults.Created(AccountEndpoints.OwnPath, UserView.Of(user));
    }

    // Neither can hold a line break.
    private static byte[] HashOf(string key, RegisterRequest body) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{body.TidyEmail}\n{body.TidyName}"));
}
