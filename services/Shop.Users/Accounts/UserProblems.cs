using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;

namespace Shop.Users.Accounts;

/// <summary>What only a request about a person can get wrong.</summary>
internal static class UserProblems
{
    public static ProblemHttpResult NoAccount() =>
        Problems.NotFound($"You have no account here. POST {AccountEndpoints.Path} makes one.");

    public static ProblemHttpResult Unknown(Guid id) =>
        Problems.NotFound($"Nobody has the id {id}. GET {AccountEndpoints.Path} lists those there are.");

    public static ProblemHttpResult EmailTaken() =>
        Problems.Conflict(
            "email-taken",
            "There is an account with this e-mail address already. Sign in with it, or register with another address."
        );

    public static ProblemHttpResult PhoneNumberNeeded(string rule) =>
        Problems.Unprocessable(
            "phone-number-needed",
            "Notifications by SMS need a phone number. Send one, or turn SMS off.",
            new Dictionary<string, string[]> { ["phoneNumber"] = [rule] }
        );

    public static ProblemHttpResult LastAdmin() =>
        Problems.Conflict(
            "last-admin",
            "This is the only administrator; without one, nobody could appoint another. Appoint the next one first."
        );

    public static ProblemHttpResult ChangedMeanwhile() =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status412PreconditionFailed,
            type: Problems.TypeUri("user-changed-meanwhile"),
            title: "The account was changed meanwhile",
            detail: "GET it again, apply the change to what it is now, and send its new ETag in the header If-Match."
        );
}
