using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Shop.Users.Data;

namespace Shop.Users.SignIn;

/// <summary>
/// Where ASP.NET Core Identity finds what it manages: in Users' own tables. The name of whoever signs in is their e-mail
/// address.
/// </summary>
/// <remarks>
/// What is counted is counted by the database, and asked of it anew: so guesses that are made at once, at several replicas,
/// get no further than guesses made one after the other.
/// </remarks>
internal sealed class CredentialStore(
    UsersDbContext db,
    IOptions<IdentityOptions> options,
    IdentityErrorDescriber errors,
    TimeProvider time
) : IUserPasswordStore<Credential>, IUserSecurityStampStore<Credential>, IUserLockoutStore<Credential>
{
    private IQueryable<Credential> WithUser => db.Credentials.Include(credential => credential.User);

    /// <summary>Saves the credential, its person if that is new, and whatever is to be saved with them.</summary>
    public async Task<IdentityResult> CreateAsync(Credential user, CancellationToken cancellationToken)
    {
        db.Credentials.Add(user);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateException exception) when (IsTaken(exception))
        {
            db.ChangeTracker.Clear();
            return IdentityResult.Failed(errors.DuplicateUserName(user.User.Email));
        }
    }

    // Nothing is written if nothing has changed. The security stamp is what tells that somebody else was quicker.
    public async Task<IdentityResult> UpdateAsync(Credential user, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(errors.ConcurrencyFailure());
        }
    }

    public Task<IdentityResult> DeleteAsync(Credential user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An account stays, for the sake of its orders.");

    public Task<Credential?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(userId);
        return WithUser.SingleOrDefaultAsync(credential => credential.UserId == id, cancellationToken);
    }

    public Task<Credential?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        WithUser.SingleOrDefaultAsync(
            credential => credential.User.NormalizedEmail == normalizedUserName,
            cancellationToken
        );

    public Task<string> GetUserIdAsync(Credential user, CancellationToken cancellationToken) =>
        Task.FromResult(user.UserId.ToString());

    public Task<string?> GetUserNameAsync(Credential user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.User.Email);

    public Task SetUserNameAsync(Credential user, string? userName, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An e-mail address stays as it is.");

    public Task<string?> GetNormalizedUserNameAsync(Credential user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.User.NormalizedEmail);

    // The person has done so themselves.
    public Task SetNormalizedUserNameAsync(
        Credential user,
        string? normalizedName,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    public Task<string?> GetPasswordHashAsync(Credential user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Credential user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetPasswordHashAsync(Credential user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash ?? throw new NotSupportedException("Everybody has a password.");
        return Task.CompletedTask;
    }

    /// <summary>The same password, hashed anew; unless it has been changed meanwhile.</summary>
    public Task RehashAsync(Credential user, string passwordHash, CancellationToken cancellationToken) =>
        RowOf(user)
            .Where(credential => credential.PasswordHash == user.PasswordHash)
            .ExecuteUpdateAsync(
                set => set.SetProperty(credential => credential.PasswordHash, passwordHash),
                cancellationToken
            );

    public Task<string?> GetSecurityStampAsync(Credential user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(Credential user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<bool> GetLockoutEnabledAsync(Credential user, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    // Everybody can be locked out.
    public Task SetLockoutEnabledAsync(Credential user, bool enabled, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Credential user, CancellationToken cancellationToken) =>
        RowOf(user).Select(credential => credential.LockedUntil).SingleOrDefaultAsync(cancellationToken);

    public Task SetLockoutEndDateAsync(
        Credential user,
        DateTimeOffset? lockoutEnd,
        CancellationToken cancellationToken
    ) =>
        RowOf(user)
            .ExecuteUpdateAsync(
                set => set.SetProperty(credential => credential.LockedUntil, lockoutEnd),
                cancellationToken
            );

    public Task<int> GetAccessFailedCountAsync(Credential user, CancellationToken cancellationToken) =>
        Task.FromResult(user.FailedAttempts);

    /// <summary>Counts a failure, and locks the account with the last one, in one statement, so that none is lost.</summary>
    /// <returns>What is left to count: the manager, which would lock with a second statement, has nothing to do.</returns>
    public async Task<int> IncrementAccessFailedCountAsync(Credential user, CancellationToken cancellationToken)
    {
        var most = options.Value.Lockout.MaxFailedAccessAttempts;
        var now = time.GetUtcNow();
        var until = now + options.Value.Lockout.DefaultLockoutTimeSpan;
        // A lock begins anew when failures go on after it, and is not made longer by those during it.
        await RowOf(user)
            .Where(c => c.LockedUntil == null || c.LockedUntil <= now)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.LockedUntil, c => c.FailedAttempts + 1 >= most ? until : null)
                        .SetProperty(
                            c => c.FailedAttempts,
                            c => c.FailedAttempts + 1 >= most ? 0 : c.FailedAttempts + 1
                        ),
                cancellationToken
            );
        return 0;
    }

    public Task ResetAccessFailedCountAsync(Credential user, CancellationToken cancellationToken) =>
        RowOf(user)
            .ExecuteUpdateAsync(set => set.SetProperty(credential => credential.FailedAttempts, 0), cancellationToken);

    // The context is not this one's.
    public void Dispose() { }

    private IQueryable<Credential> RowOf(Credential user) =>
        db.Credentials.Where(credential => credential.UserId == user.UserId);

    private static bool IsTaken(DbUpdateException exception) =>
        exception.InnerException
            is PostgresException
            {
                SqlState: PostgresErrorCodes.UniqueViolation,
                ConstraintName: UsersDbContext.EmailIndex
            };
}
