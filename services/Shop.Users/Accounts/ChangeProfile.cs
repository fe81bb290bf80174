using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;
using Shop.Users.Domain;

namespace Shop.Users.Accounts;

/// <summary>A merge patch of one's own profile: what is absent stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProfilePatch
{
    public JsonElement Name { get; init; }

    public JsonElement PhoneNumber { get; init; }

    /// <summary>The broken rules by field.</summary>
    public Dictionary<string, string[]> Check()
    {
        var broken = new Dictionary<string, string[]>();
        if (Name.IsPresent())
        {
            var rule = Name.TryGetText(out var name) ? UserRules.Name(name) : "must be text";
            if (rule is not null)
            {
                broken["name"] = [rule];
            }
        }

        if (PhoneNumberMember.Check(PhoneNumber) is { } phone)
        {
            broken[PhoneNumberMember.Name] = [phone];
        }

        return broken;
    }

    public string ApplyToName(string present) => Name.IsPresent() && Name.TryGetText(out var name) ? name! : present;
}

/// <summary><c>PATCH /api/users/me</c>: changes name or phone number, or both.</summary>
internal static class ChangeProfile
{
    public static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(
        ProfilePatch body,
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

        return await change.ApplyAsync(
            http,
            caller,
            user =>
                (
                    body.ApplyToName(user.Name),
                    PhoneNumberMember.Apply(body.PhoneNumber, user.PhoneNumber),
                    user.Preferences
                ),
            cancellationToken
        );
    }
}
