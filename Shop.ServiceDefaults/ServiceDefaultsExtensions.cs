using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Shop.ServiceDefaults.Errors;
using Shop.ServiceDefaults.Health;
using Shop.ServiceDefaults.Http;
using Shop.ServiceDefaults.Identity;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Shutdown;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.ServiceDefaults;

/// <summary>What every service of the shop gets, in one line each for its services and its pipeline.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds telemetry, health checks, service discovery and resilience for HTTP clients, problem details, identity, the API's
    /// description, and the server's limits. A second call changes nothing.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(DefaultsAdded)))
        {
            return builder;
        }

        builder.Services.AddSingleton<DefaultsAdded>();
        // What a service writes does not depend on the machine's language.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLogging();
        builder.AddTelemetry();
        builder.Services.AddReadiness();
        builder.Services.AddShutdown();
        builder.Services.AddHttpClientDefaults();
        builder.Services.AddServerDefaults();
        builder.Services.AddProblems();
        builder.AddIdentity();
        builder.Services.AddApiDescription();
        return builder;
    }

    /// <summary>
    /// Puts the pipeline together: correlation id, errors as problem details, authentication and authorization,
    /// <c>/healthz</c> and <c>/ready</c>, and <c>/openapi/v1.json</c>. Call it before the endpoints are mapped.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="afterAuthentication">Adds what has to know who the caller is and comes before authorization.</param>
    /// <exception cref="SettingException">Settings are missing or wrong.</exception>
    public static WebApplication UseServiceDefaults(this WebApplication app, Action? afterAuthentication = null)
    {
        // Before somebody is answered.
        app.Services.ValidateSettings();
        app.Services.GetRequiredService<IdentitySettings>();
        app.UseDraining();
        app.UseMiddleware<CorrelationIdMiddleware>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<BodyCharset>();
        app.UseAuthentication();
        afterAuthentication?.Invoke();
        app.UseAuthorization();
        if (app.Services.GetService<IAntiforgery>() is not null)
        {
            app.UseAntiforgery();
        }

        app.MapHealth();
        app.MapApiDescription();
        return app;
    }

    private sealed class DefaultsAdded;
}
