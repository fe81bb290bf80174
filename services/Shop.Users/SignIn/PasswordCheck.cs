using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Shop.Users.Data;
using Shop.Users.Domain;

namespace Shop.Users.SignIn;

/// <summary>Somebody who has proved who they are, as tokens tell of them.</summary>
internal sealed record Person(Guid Id, string Email, string Name, string[] Roles, string SecurityStamp);

/// <summary>
/// Checks a password. An unknown address, a wrong password and a locked account get the same answer after the same work: one
/// query and one hash.
/// </summary>
/// <remarks>
/// Failures are counted by the database, and a right password counts only if the account is not locked when the hash is
/// done. So guesses that are made at once get no further than guesses made one after the other, and those who sign in at
/// once with the right password do not lock themselves out.
/// </remarks>
internal sealed class PasswordCheck(UsersDbContext db, IPasswordHasher<Credential> hasher, TimeProvider time)
{
    public const int MaxFailures = 5;
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(5);

    // Of a password that nobody has, made the same way as all others.
    private static string? decoy;

    /// <returns>The person, or null: for whatever reason.</returns>
    public async Task<Person?> FindAsync(string? email, string? password, CancellationToken cancellationToken)
    {
        var normalized = UserRules.Normalize(email?.Trim() ?? "");
        var found = await (
            from user in db.Users.AsNoTracking()
            join credential in db.Credentials on user.Id equals credential.UserId
            where user.NormalizedEmail == normalized
            select new { User = user, Credential = credential }
        ).FirstOrDefaultAsync(cancellationToken);

        password ??= "";
        // Made for whoever comes first, so that it cannot be seen for whom.
        decoy ??= hasher.HashPassword(null!, Guid.NewGuid().ToString());
        var tooLong = password.Length > PasswordRules.MaxLength;
        var verdict = hasher.VerifyHashedPassword(
            null!,
            found?.Credential.PasswordHash ?? decoy,
            tooLong ? "" : password
        );
        if (found is null)
        {
            return null;
        }

        if (tooLong || verdict == PasswordVerificationResult.Failed)
        {
            await CountFailureAsync(found.User.Id, cancellationToken);
            return null;
        }

        if (!await AcceptAsync(found.Credential, cancellationToken))
        {
            return null;
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = hasher.HashPassword(null!, password);
            await db
                .Credentials.Where(c => c.UserId == found.User.Id && c.PasswordHash == found.Credential.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.PasswordHash, hash), cancellationToken);
        }

        return Of(found.User, found.Credential);
    }

    /// <summary>The person as they are now, if what was issued under that stamp still holds.</summary>
    public async Task<Person?> ReloadAsync(Guid id, string? securityStamp, CancellationToken cancellationToken)
    {
        var found = await (
            from user in db.Users.AsNoTracking()
            join credential in db.Credentials on user.Id equals credential.UserId
            where user.Id == id && credential.SecurityStamp == securityStamp
            select new { User = user, Credential = credential }
        ).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : Of(found.User, found.Credential);
    }

    private static Person Of(User user, Credential credential) =>
        new(user.Id, user.Email, user.Name, user.Roles, credential.SecurityStamp);

    // In one statement, so that none is lost. A lock begins anew when failures go on after it.
    private Task<int> CountFailureAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = now + LockTime;
        return db
            .Credentials.Where(c => c.UserId == id && (c.LockedUntil == null || c.LockedUntil <= now))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.LockedUntil, c => c.FailedAttempts + 1 >= MaxFailures ? until : null)
                        .SetProperty(
                            c => c.FailedAttempts,
                            c => c.FailedAttempts + 1 >= MaxFailures ? 0 : c.FailedAttempts + 1
                        ),
                cancellationToken
            );
    }

    private async Task<bool> AcceptAsync(Credential credential, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var open = db.Credentials.Where(c =>
            c.UserId == credential.UserId && (c.LockedUntil == null || c.LockedUntil <= now)
        );
        return credential is { FailedAttempts: 0, LockedUntil: null }
            ? await open.AnyAsync(cancellationToken)
            : await open.ExecuteUpdateAsync(
                set => set.SetProperty(c => c.FailedAttempts, 0).SetProperty(c => c.LockedUntil, (DateTimeOffset?)null),
                cancellationToken
            ) == 1;
    }
}
