using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Shop.Users.Provider;

namespace Shop.Users.Pages;

/// <summary>The pages on which people sign in and out.</summary>
internal static class PagesSetup
{
    private const int LongestForm = 16 * 1024;
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public static void AddPages(this IServiceCollection services, bool isDevelopment)
    {
        new AuthenticationBuilder(services).AddCookie(
            Session.Scheme,
            options => Session.Configure(options, isDevelopment)
        );
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = isDevelopment ? "shop.form" : "__Host-shop.form";
            options.Cookie.Path = "/";
            options.Cookie.SecurePolicy = isDevelopment ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        });
        services.AddScoped<Session>();
        services.AddScoped<Form>();
    }

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints
            .MapGroup("")
            .AllowAnonymous()
            .ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(LongestForm));
        pages.MapGet(LoginPage.Path, LoginPage.ShowAsync);
        pages.MapPost(LoginPage.Path, LoginPage.SignInAsync);
        pages.MapGet(RegisterPage.Path, RegisterPage.Show);
        pages.MapPost(RegisterPage.Path, RegisterPage.RegisterAsync);
        pages.MapGet(LogoutPage.Path, LogoutPage.ShowAsync);
        pages.MapPost(LogoutPage.Path, LogoutPage.SignOutAsync);
        pages.MapMethods(AuthorizationRequests.Path, GetAndPost, AuthorizationRequests.HandleAsync);
        pages.MapMethods(EndSessionRequests.Path, GetAndPost, EndSessionRequests.HandleAsync);
    }
}
