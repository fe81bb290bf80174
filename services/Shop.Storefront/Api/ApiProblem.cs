using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Storefront.Api;

/// <summary>Why the API did not do what was asked (RFC 9457).</summary>
/// <param name="Status">The HTTP status; 503 when there was no answer.</param>
/// <param name="Type">The problem's type, such as <c>price-changed</c>.</param>
/// <param name="Title">What is wrong, in a few words.</param>
/// <param name="Detail">What to do.</param>
/// <param name="Errors">What is wrong with which field.</param>
public sealed record ApiProblem(
    int Status,
    string? Type,
    string? Title,
    string? Detail,
    IReadOnlyDictionary<string, string[]>? Errors
)
{
    /// <summary>Further members, such as the new prices.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; init; }

    /// <summary>The service is down or too slow; the rest of a page still works.</summary>
    public bool IsUnavailable => Status is 502 or 503 or 504 or 429;

    public bool IsNotFound => Status == 404;

    /// <summary>Whether the type's last part is this one.</summary>
    public bool Is(string type) =>
        Type is not null
        && (
            Type == type
            || Type.EndsWith("/" + type, StringComparison.Ordinal)
            || Type.EndsWith(":" + type, StringComparison.Ordinal)
        );

    /// <summary>One sentence for people.</summary>
    public string Text =>
        IsUnavailable ? "This part of the shop is not available right now. Try again in a moment."
        : Detail is { Length: > 0 } detail ? detail
        : Title ?? "Something went wrong.";

    /// <summary>What the API could not even be asked: a field's text is nothing that it takes.</summary>
    public static ApiProblem Invalid(string field, string rule) =>
        new(
            400,
            "validation",
            "Some fields need another value",
            Detail: null,
            new Dictionary<string, string[]> { [field] = [rule] }
        );

    /// <summary>What can't be there, so that the API need not be asked.</summary>
    public static ApiProblem NotFound(string detail) => new(404, "not-found", "Not found", detail, Errors: null);

    public static ApiProblem Unavailable { get; } =
        new(503, "unavailable", "The shop did not answer in time", Detail: null, Errors: null);
}
