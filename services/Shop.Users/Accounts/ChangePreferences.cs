using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;
using Shop.Users.Domain;

namespace Shop.Users.Accounts;

/// <summary>On which ways the caller wants to be told; all three are said, so that nothing is turned off by omission.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PreferencesRequest(bool? Email, bool? Sms, bool? Push)
{
    /// <summary>Absent leaves the number as it is, null removes it.</summary>
    public JsonElement PhoneNumber { get; init; }

    /// <summary>The broken rules by field.</summary>
    public Dictionary<string, string[]> Check()
    {
        var broken = new Dictionary<string, string[]>();
        foreach (var (field, value) in new[] { ("email", Email), ("sms", Sms), ("push", Push) })
        {
            if (value is null)
            {
                broken[field] = ["must be true or false"];
            }
        }

        if (PhoneNumberMember.Check(PhoneNumber) is { } phone)
        {
            broken[PhoneNumberMember.Name] = [phone];
        }

        return broken;
    }
}

/// <summary><c>PUT /api/users/me/preferences</c>: replaces the preferences, and the phone number if one is sent.</summary>
internal static class ChangePreferences
{
    public static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(
        PreferencesRequest body,
        ClaimsPrincipal caller,
        HttpContext http,
        AccountChange change,
        CancellationToken cancellationToken
    )
    {
        if (body.Check() is { Count: > 0 } broken)
        {
            return Problems.Validation(broken);
        }

        var preferences = new Preferences(body.Email!.Value, body.Sms!.Value, body.Push!.Value);
        return await change.ApplyAsync(
            http,
            caller,
            user => (user.Name, PhoneNumberMember.Apply(body.PhoneNumber, user.PhoneNumber), preferences),
            cancellationToken
        );
    }
}
