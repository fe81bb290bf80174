using System.Text.Json;
using Shop.Users.Domain;

namespace Shop.Users.Accounts;

/// <summary>The member <c>phoneNumber</c>, which two requests have: absent leaves the number, null removes it.</summary>
internal static class PhoneNumberMember
{
    public const string Name = "phoneNumber";

    /// <summary>What is wrong with it; null if nothing.</summary>
    public static string? Check(JsonElement member)
    {
        if (!member.IsPresent())
        {
            return null;
        }

        return !member.TryGetText(out var text) ? "must be text, or null to remove it"
            : text is null ? null
            : UserRules.PhoneNumber(text);
    }

    /// <summary>The number afterwards.</summary>
    public static string? Apply(JsonElement member, string? present)
    {
        if (!member.IsPresent())
        {
            return present;
        }

        member.TryGetText(out var text);
        return text;
    }
}
