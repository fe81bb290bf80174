using Shop.ServiceDefaults;

namespace Shop.Users.Accounts;

/// <summary>The routes of <c>/api/users</c>: anybody registers, everybody has their own account, administrators see all.</summary>
internal static class AccountEndpoints
{
    public const string Path = "/api/users";
    public const string OwnPath = Path + "/me";

    public static void MapAccounts(this IEndpointRouteBuilder endpoints)
    {
        var users = endpoints.MapGroup(Path).WithTags("Users");
        users
            .MapPost("", Register.HandleAsync)
            .AllowAnonymous()
            .WithName("RegisterUser")
            .TakesIdempotencyKey()
            .WithBodyExample(new RegisterRequest("ada@example.com", "Ada Lovelace", "correct horse battery"));

        var own = users.MapGroup("me").RequireAuthorization();
        own.MapGet("", GetOwnAccount.HandleAsync)
            .WithName("GetOwnAccount")
            .TakesIfNoneMatch()
            .ProducesProblems(StatusCodes.Status404NotFound);
        own.MapPatch("", ChangeProfile.HandleAsync)
            .WithName("ChangeProfile")
            .TakesIfMatch(isRequired: false)
            .ProducesProblems(
                StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict,
                StatusCodes.Status422UnprocessableEntity
            )
            .WithBodyExample(new { name = "Ada King" });
        own.MapPut("preferences", ChangePreferences.HandleAsync)
            .WithName("ChangePreferences")
            .TakesIfMatch(isRequired: false)
            .ProducesProblems(
                StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict,
                StatusCodes.Status422UnprocessableEntity
            )
            .WithBodyExample(
                new
                {
                    email = true,
                    sms = false,
                    push = true,
                }
            );

        own.MapPut("password", ChangePassword.HandleAsync)
            .WithName("ChangePassword")
            .ProducesProblems(StatusCodes.Status404NotFound)
            .WithBodyExample(new PasswordRequest("Pa55-word!", "correct horse battery"));

        var all = users.MapGroup("").RequireAuthorization(Policies.Admin);
        all.MapGet("", ListUsers.HandleAsync).WithName("ListUsers");
        all.MapGet("{id:guid}", GetUser.HandleAsync).WithName("GetUser");
        all.MapPut("{id:guid}/roles", ChangeRoles.HandleAsync)
            .WithName("ChangeRoles")
            .TakesIfMatch(isRequired: false)
            .ProducesProblems(StatusCodes.Status409Conflict)
            .WithBodyExample(new RolesRequest(["customer", "operator"]));
    }
}
