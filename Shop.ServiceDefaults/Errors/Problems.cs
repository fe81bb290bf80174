using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.ServiceDefaults;

/// <summary>
/// Expected errors as problem details (RFC 9457). Every one has a stable <c>type</c>, and a detail that says what to do;
/// <c>errors</c> names the fields.
/// </summary>
public static class Problems
{
    /// <summary>The stable identifier of a kind of problem, such as <c>out-of-stock</c>.</summary>
    public static string TypeUri(string kind) => "https://shop.example/problems/" + kind;

    /// <summary>400: the request breaks rules that can be checked without looking anything up.</summary>
    /// <param name="errors">For each field (<c>items[0].quantity</c>) the rules it breaks.</param>
    public static ProblemHttpResult Validation(IDictionary<string, string[]> errors) =>
        Problem(
            StatusCodes.Status400BadRequest,
            "validation",
            "The request is not valid",
            "Correct the fields named in 'errors' and send the request again.",
            errors
        );

    /// <summary>404: there is no such thing, or it is not the caller's.</summary>
    public static ProblemHttpResult NotFound(string detail) =>
        Problem(StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    /// <summary>409: the request contradicts the present state, or an earlier request.</summary>
    /// <param name="type">The kind of problem in kebab-case, such as <c>idempotency-key-reused</c>.</param>
    /// <param name="detail">What contradicts, and what to do.</param>
    public static ProblemHttpResult Conflict(string type, string detail) =>
        Problem(StatusCodes.Status409Conflict, type, "The request contradicts the present state", detail);

    /// <summary>422: the request is well-formed, but what it refers to does not allow it.</summary>
    /// <param name="type">The kind of problem in kebab-case, such as <c>unknown-product</c>.</param>
    /// <param name="detail">What is not possible, and what to do.</param>
    /// <param name="errors">The fields concerned, if it can be said.</param>
    public static ProblemHttpResult Unprocessable(
        string type,
        string detail,
        IDictionary<string, string[]>? errors = null
    ) => Problem(StatusCodes.Status422UnprocessableEntity, type, "The request cannot be carried out", detail, errors);

    private static ProblemHttpResult Problem(
        int status,
        string type,
        string title,
        string detail,
        IDictionary<string, string[]>? errors = null
    ) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            title: title,
            type: TypeUri(type),
            extensions: errors is null ? null : new Dictionary<string, object?> { ["errors"] = errors }
        );
}
