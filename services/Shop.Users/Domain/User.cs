using Shop.ServiceDefaults.Text;

namespace Shop.Users.Domain;

/// <summary>
/// A person with an account. How they prove who they are is not in here: see <see cref="SignIn.Credential"/>.
/// </summary>
internal sealed class User
{
    private User() { }

    public Guid Id { get; private init; }

    /// <summary>As the person wrote it.</summary>
    public string Email { get; private init; } = "";

    /// <summary>The form in which it is unique.</summary>
    public string NormalizedEmail { get; private init; } = "";

    public string Name { get; private set; } = "";

    /// <summary>In the form of E.164; null when the person has told none.</summary>
    public string? PhoneNumber { get; private set; }

    public Preferences Preferences { get; private set; } = Preferences.Default;

    public string[] Roles { get; private set; } = [];

    /// <summary>Tells a repeated registration from a second one; see the use case.</summary>
    public byte[]? RegistrationHash { get; private init; }

    /// <summary>Counts the changes, from 1; readers of the events tell newer from older by it.</summary>
    public long Version { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public bool IsAdmin => Roles.Contains(Domain.Roles.Admin);

    /// <summary>A new customer at version 1, who is told about orders by e-mail.</summary>
    /// <exception cref="ArgumentException">The address or the name breaks a rule; callers check them first.</exception>
    public static User Register(Guid id, string email, string name, DateTimeOffset now, byte[]? registrationHash = null)
    {
        Demand(UserRules.Email(email), nameof(email));
        Demand(UserRules.Name(name), nameof(name));
        return new User
        {
            Id = id,
            Email = email,
            NormalizedEmail = EmailAddress.Normalize(email),
            Name = name,
            Roles = [Domain.Roles.Customer],
            RegistrationHash = registrationHash,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>
    /// What would be wrong with having this number together with these preferences; null if nothing. The same rule holds
    /// whichever of the two is changed.
    /// </summary>
    public static string? WhyNot(string? phoneNumber, Preferences preferences) =>
        preferences.Sms && phoneNumber is null ? "is needed as long as notifications by SMS are on" : null;

    /// <summary>Replaces what the person says about themselves; false, and nothing happened, when it is the same.</summary>
    /// <exception cref="ArgumentException">It breaks a rule; callers check first.</exception>
    public bool Change(string name, string? phoneNumber, Preferences preferences, DateTimeOffset now)
    {
        Demand(UserRules.Name(name), nameof(name));
        Demand(phoneNumber is null ? null : UserRules.PhoneNumber(phoneNumber), nameof(phoneNumber));
        Demand(WhyNot(phoneNumber, preferences), nameof(phoneNumber));
        if (name == Name && phoneNumber == PhoneNumber && preferences == Preferences)
        {
            return false;
        }

        Name = name;
        PhoneNumber = phoneNumber;
        Preferences = preferences;
        Changed(now);
        return true;
    }

    /// <summary>Replaces the roles; false, and nothing happened, when they are the same.</summary>
    /// <exception cref="ArgumentException">There is none, one twice, or an unknown one; callers check first.</exception>
    public bool ChangeRoles(IReadOnlyCollection<string> roles, DateTimeOffset now)
    {
        if (!Domain.Roles.AreValid(roles))
        {
            throw new ArgumentException("The roles are not valid.", nameof(roles));
        }

        string[] ordered = [.. Domain.Roles.All.Where(roles.Contains)];
        if (ordered.SequenceEqual(Roles))
        {
            return false;
        }

        Roles = ordered;
        Changed(now);
        return true;
    }

    private void Changed(DateTimeOffset now)
    {
        Version++;
        UpdatedAt = now;
    }

    private static void Demand(string? broken, string parameter)
    {
        if (broken is not null)
        {
            throw new ArgumentException($"The {parameter} {broken}.", parameter);
        }
    }
}
