using System.Text.Json;
using Shop.ServiceDefaults.Text;

namespace Shop.Users.Accounts;

/// <summary>
/// Members of a body in which absent (nothing changes), null (it is removed) and a value are three things, as in a JSON
/// merge patch (RFC 7396).
/// </summary>
internal static class JsonMember
{
    public static bool IsPresent(this JsonElement member) => member.ValueKind != JsonValueKind.Undefined;

    /// <summary>The present one as the text that it is to be.</summary>
    /// <param name="member">The member.</param>
    /// <param name="text">The text without surrounding spaces; null for null.</param>
    /// <returns>False when it is neither text nor null.</returns>
    public static bool TryGetText(this JsonElement member, out string? text)
    {
        text = null;
        try
        {
            text = member.ValueKind == JsonValueKind.String ? UserText.Tidy(member.GetString()) : null;
            return member.ValueKind is JsonValueKind.String or JsonValueKind.Null;
        }
        catch (InvalidOperationException)
        {
            return false; // the half of a character: "\ud800"
        }
    }
}
