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
        users.MapPost("", Register.HandleAsync).AllowAnonymous().WithName("RegisterUser");

        var own = users.MapGroup("me").RequireAuthorization();
        own.MapGet("", GetOwnAccount.HandleAsync).WithName("GetOwnAccount");
        own.MapPatch("", ChangeProfile.HandleAsync).WithName("ChangeProfile");
        own.MapPut("preferences", ChangePreferences.HandleAsync).WithName("ChangePreferences");

        var all = users.MapGroup("").RequireAuthorization(Policies.Admin);
        all.MapGet("", ListUsers.HandleAsync).WithName("ListUsers");
        all.MapGet("{id:guid}", GetUser.HandleAsync).WithName("GetUser");
        all.MapPut("{id:guid}/roles", ChangeRoles.HandleAsync).WithName("ChangeRoles");
    }
}
