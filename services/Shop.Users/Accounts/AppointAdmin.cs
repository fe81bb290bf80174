using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.ServiceDefaults.Data;
using Shop.ServiceDefaults.Text;
using Shop.Users.Data;
using Shop.Users.Domain;
using Shop.Users.Messages;

namespace Shop.Users.Accounts;

/// <summary>
/// The verb <c>appoint-admin &lt;e-mail&gt;</c>: makes somebody who has registered an administrator. The first one cannot be
/// appointed by another over HTTP, so whoever runs the service does it here.
/// </summary>
internal static class AppointAdmin
{
    public const string Verb = "appoint-admin";
    public const string Description = "makes the person with the given e-mail address an administrator";

    public static async Task<int> RunAsync(
        IServiceProvider services,
        string[] args,
        CancellationToken cancellationToken
    )
    {
        // Settings may follow, as they may after every verb.
        if (args.Where(arg => !arg.StartsWith('-')).ToArray() is not [var email] || UserRules.Email(email) is not null)
        {
            return await FailAsync($"give the e-mail address of somebody who has registered: {Verb} ada@example.com");
        }

        var db = services.GetRequiredService<UsersDbContext>();
        var outbox = services.GetRequiredService<Outbox<UsersDbContext>>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var normalized = EmailAddress.Normalize(email);
        var appointed = await db.InTransactionAsync(
            async () =>
            {
                var user = await db.Users.SingleOrDefaultAsync(
                    user => user.NormalizedEmail == normalized,
                    cancellationToken
                );
                if (user?.ChangeRoles([.. user.Roles.Union([Roles.Admin])], now) == true)
                {
                    outbox.Add(UserChanged.Of(user), user.Id.ToString());
                }

                return user;
            },
            cancellationToken
        );
        if (appointed is null)
        {
            return await FailAsync($"nobody has registered with {email}");
        }

        await Console.Out.WriteLineAsync($"users: {email} is an administrator.");
        return 0;
    }

    private static async Task<int> FailAsync(string reason)
    {
        await Console.Error.WriteLineAsync($"users: {Verb} did nothing: {reason}.");
        return 1;
    }
}
