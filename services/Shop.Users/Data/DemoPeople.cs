using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Users.Domain;
using Shop.Users.Messages;
using Shop.Users.SignIn;

namespace Shop.Users.Data;

/// <summary>
/// One person for each role, for trying things out. In Development only: elsewhere nobody exists until somebody registers.
/// </summary>
internal static class DemoPeople
{
    public const string Password = "Pa55-word!";

    public static readonly Guid Customer = Guid.Parse("01900000-0000-7000-8000-000000000001");
    public static readonly Guid Operator = Guid.Parse("01900000-0000-7000-8000-000000000002");
    public static readonly Guid Admin = Guid.Parse("01900000-0000-7000-8000-000000000003");

    /// <summary>
    /// Whoever runs the service elsewhere on a database that was used in Development has to take them out first: everybody
    /// knows their password, and one of them is an administrator.
    /// </summary>
    /// <exception cref="SettingException">One of them is there.</exception>
    public static async Task EnsureAbsentAsync(UsersDbContext db, CancellationToken cancellationToken)
    {
        if (
            await db.Users.AnyAsync(
                user => user.Id == Customer || user.Id == Operator || user.Id == Admin,
                cancellationToken
            )
        )
        {
            throw new SettingException(
                "people of Development are in the database, with a password that everybody knows; delete them, or take another database."
            );
        }
    }

    /// <summary>Adds and announces those who are missing; what was changed since stays so.</summary>
    public static async Task SeedAsync(
        UsersDbContext db,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            await EnsureAbsentAsync(db, cancellationToken);
            return;
        }

        var outbox = services.GetRequiredService<Outbox<UsersDbContext>>();
        var people = People(services.GetRequiredService<TimeProvider>().GetUtcNow()).ToList();
        var addresses = people.ConvertAll(person => person.NormalizedEmail);
        var known = await db
            .Users.Where(user => addresses.Contains(user.NormalizedEmail))
            .Select(user => user.NormalizedEmail)
            .ToListAsync(cancellationToken);
        foreach (var person in people.Where(person => !known.Contains(person.NormalizedEmail)))
        {
            db.Users.Add(person);
            outbox.Add(UserRegistered.Of(person), person.Id.ToString());
        }

        await db.SaveChangesAsync(cancellationToken);
        await AddPasswordsAsync(db, addresses, services, cancellationToken);
    }

    // Also for those who were there before there were passwords.
    private static async Task AddPasswordsAsync(
        UsersDbContext db,
        List<string> addresses,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var passwords = services.GetRequiredService<UserManager<Credential>>();
        var without = await db
            .Users.Where(user =>
                addresses.Contains(user.NormalizedEmail) && !db.Credentials.Any(known => known.UserId == user.Id)
            )
            .ToListAsync(cancellationToken);
        foreach (var user in without)
        {
            var created = await passwords.CreateAsync(new Credential(user), Password);
            if (!created.Succeeded)
            {
                throw new InvalidOperationException($"{user.Email} has no password: {created}.");
            }
        }
    }

    private static IEnumerable<User> People(DateTimeOffset now)
    {
        // On all ways, so that each of them can be looked at. The number is of the range that is reserved for fiction.
        var customer = User.Register(Customer, "customer@shop.test", "Ada Lovelace", now);
        customer.Change(customer.Name, "+12025550101", new Preferences(Email: true, Sms: true, Push: true), now);
        yield return customer;

        var operates = User.Register(Operator, "operator@shop.test", "Grace Hopper", now);
        operates.ChangeRoles([Roles.Customer, Roles.Operator], now);
        yield return operates;

        var administers = User.Register(Admin, "admin@shop.test", "Margaret Hamilton", now);
        administers.ChangeRoles([Roles.Customer, Roles.Operator, Roles.Admin], now);
        yield return administers;
    }
}
