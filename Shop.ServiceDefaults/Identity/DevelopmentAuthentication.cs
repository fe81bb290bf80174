using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Identity;

/// <summary>
/// Believes the headers <c>X-User-ID</c> (a guid; the demo customer when absent) and <c>X-User-Role</c> (customer, operator
/// or admin; customer when absent), and only in the Development environment. Anywhere else nobody is authenticated by it.
/// </summary>
internal sealed class DevelopmentAuthentication(
    IHostEnvironment environment,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Development";

    private const string DemoCustomer = "01900000-0000-7000-8000-000000000001";
    private static readonly string[] Roles = ["customer", Policies.Operator, Policies.Admin];

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (!environment.IsDevelopment())
        {
            return AuthenticateResult.NoResult();
        }

        if (!Guid.TryParse(Header("X-User-ID") ?? DemoCustomer, out var userId))
        {
            return AuthenticateResult.Fail("X-User-ID is not a guid.");
        }

        var role = Header("X-User-Role") ?? "customer";
        if (!Roles.Contains(role, StringComparer.Ordinal))
        {
            return AuthenticateResult.Fail("X-User-Role is not customer, operator or admin.");
        }

        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, userId.ToString()), new Claim(ClaimTypes.Role, role)],
            SchemeName
        );
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private string? Header(string name) => Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
}
