using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shop.ServiceDefaults;
using Shop.Storefront.Api;
using Shop.Storefront.Baskets;

namespace Shop.Storefront.Session;

/// <summary>How people sign in with Shop.Users, through the gateway.</summary>
internal static partial class OpenIdSetup
{
    public const string ClientId = "shop-storefront";
    public const string CallbackPath = "/signin-oidc";
    public const string SignedOutPath = "/signout-callback-oidc";
    public const string TokenPath = "connect/token";
    private const string RoleClaim = "role";

    public static void Configure(
        OpenIdConnectOptions options,
        Uri publicAddress,
        IHttpClientFactory clients,
        bool isDevelopment
    )
    {
        options.Authority = publicAddress.AbsoluteUri;
        options.RequireHttpsMetadata = !isDevelopment;
        options.Backchannel = clients.CreateClient(GatewayClients.Backchannel);
        options.ClientId = ClientId;
        options.CallbackPath = CallbackPath;
        options.SignedOutCallbackPath = SignedOutPath;
        options.SignInScheme = SignInSetup.CookieScheme;
        options.SignOutScheme = SignInSetup.CookieScheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // A redirect, which takes a SameSite=Lax cookie along; a form post would not.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable;
        options.Scope.Clear();
        options.Scope.Add("openid");
        options.Scope.Add("offline_access");
        options.Scope.Add("shop");
        options.SaveTokens = true;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.TokenValidationParameters.NameClaimType = "name";
        options.TokenValidationParameters.RoleClaimType = RoleClaim;
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        }

        options.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.RedirectUri = new Uri(publicAddress, CallbackPath).AbsoluteUri;
            if (EnhancedNavigation.IsOf(context.Request))
            {
                EnhancedNavigation.Leave(context.Response, SignInEndpoints.PathOf(context.Properties.RedirectUri));
                context.HandleResponse();
                return Task.CompletedTask;
            }

            if (context.Properties.Parameters.TryGetValue(OpenIdConnectParameterNames.Prompt, out var prompt))
            {
                context.ProtocolMessage.Prompt = (string?)prompt;
            }

            return Task.CompletedTask;
        };
        options.Events.OnRedirectToIdentityProviderForSignOut = context =>
        {
            context.ProtocolMessage.PostLogoutRedirectUri = new Uri(publicAddress, SignedOutPath).AbsoluteUri;
            context.ProtocolMessage.ClientId = ClientId;
            return Task.CompletedTask;
        };
        options.Events.OnTokenValidated = context =>
        {
            SetRoles(context.Principal!, context.TokenEndpointResponse!.AccessToken);
            return Task.CompletedTask;
        };
        options.Events.OnTicketReceived = async context =>
        {
            var services = context.HttpContext.RequestServices;
            var basket = services.GetRequiredService<CurrentBasket>();
            if (basket.AnonymousId is { } anonymous)
            {
                await services
                    .GetRequiredService<BasketStore>()
                    .MergeAsync(anonymous, context.Principal!.GetUserId(), context.HttpContext.RequestAborted);
                basket.ForgetAnonymous();
            }
        };
        options.Events.OnRemoteFailure = context =>
        {
            // An old sign-in page, a second click, or a provider that is down: the person can begin again.
            LogFailed(
                context.HttpContext.RequestServices.GetRequiredService<ILogger<OpenIdConnectHandler>>(),
                context.Failure?.GetBaseException().Message.ReplaceLineEndings(" ")
            );
            context.Response.Redirect("/sign-in/failed");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    /// <summary>
    /// Takes the roles from an access token that came straight from the token endpoint. They decide what pages show; what a
    /// user may do, each service decides.
    /// </summary>
    public static void SetRoles(ClaimsPrincipal principal, string accessToken)
    {
        var identity = (ClaimsIdentity)principal.Identity!;
        foreach (var old in identity.FindAll(RoleClaim).ToArray())
        {
            identity.RemoveClaim(old);
        }

        foreach (
            var role in new JsonWebTokenHandler().ReadJsonWebToken(accessToken).Claims.Where(c => c.Type == RoleClaim)
        )
        {
            identity.AddClaim(new Claim(RoleClaim, role.Value));
        }
    }

    [LoggerMessage(LogLevel.Warning, "A sign-in failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string? reason);
}
