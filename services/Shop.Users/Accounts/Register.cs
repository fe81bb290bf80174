using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Users.Data;
using Shop.Users.Domain;
using Shop.Users.Messages;

namespace Shop.Users.Accounts;

/// <summary>Who wants an account. A misspelt member is an error, not an omission.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegisterRequest(string? Email, string? Name)
{
    public string TidyEmail => Email?.Trim() ?? "";

    public string TidyName => Name?.Trim() ?? "";
}

/// <summary>
/// <c>POST /api/users</c>: a new account. An address is registered once, whatever its case. Who repeats a request with the
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
        UsersDbContext db,
        Outbox<UsersDbContext> outbox,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var key = http.Request.Headers[KeyHeader].ToString();
        if (Check(body, key) is { Count: > 0 } broken)
        {
            return Problems.Validation(broken);
        }

        var hash = key.Length == 0 ? null : HashOf(key, body);
        if (await FindAsync(db, body.TidyEmail, cancellationToken) is { } existing)
        {
            return Repeated(existing, body, hash, http.Response);
        }

        var now = time.GetUtcNow();
        var user = User.Register(Guid.CreateVersion7(now), body.TidyEmail, body.TidyName, now, hash);
        db.Users.Add(user);
        outbox.Add(UserRegistered.Of(user), user.Id.ToString());
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (IsTaken(exception))
        {
            // Somebody was quicker, perhaps the same caller.
            db.ChangeTracker.Clear();
            return await FindAsync(db, body.TidyEmail, cancellationToken) is { } other
                ? Repeated(other, body, hash, http.Response)
                : UserProblems.EmailTaken();
        }

        return Created(user, http.Response);
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

        if (key.Length > MaxKeyLength || key.Any(character => character is <= ' ' or > '~'))
        {
            broken[KeyHeader] = [$"must be at most {MaxKeyLength} printable ASCII characters without spaces"];
        }

        return broken;
    }

    private static Task<User?> FindAsync(UsersDbContext db, string email, CancellationToken cancellationToken)
    {
        var normalized = UserRules.Normalize(email);
        return db
            .Users.AsNoTracking()
            .SingleOrDefaultAsync(user => user.NormalizedEmail == normalized, cancellationToken);
    }

    // The first answer is made anew rather than read, so that it shows nothing that was added to the account since.
    private static Results<Created<UserView>, ProblemHttpResult> Repeated(
        User existing,
        RegisterRequest body,
        byte[]? hash,
        HttpResponse response
    )
    {
        if (hash is null || existing.RegistrationHash is null || !hash.SequenceEqual(existing.RegistrationHash))
        {
            return UserProblems.EmailTaken();
        }

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

    private static bool IsTaken(DbUpdateException exception) =>
        exception.InnerException
            is PostgresException
            {
                SqlState: PostgresErrorCodes.UniqueViolation,
                ConstraintName: UsersDbContext.EmailIndex
            };
}
