namespace Shop.Users.Domain;

/// <summary>On which ways a person wants to be told about orders.</summary>
internal sealed record Preferences(bool Email, bool Sms, bool Push)
{
    /// <summary>What a new person gets: e-mail, as its address is all that is known.</summary>
    public static readonly Preferences Default = new(Email: true, Sms: false, Push: false);
}
