using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Shop.ServiceDefaults.Health;

/// <summary>
/// The verb <c>healthcheck</c>: asks the process that runs beside it, with the same settings, for <c>/healthz</c>. An image
/// without a shell and without curl uses it as its health check. It loads no module and no package, because an engine runs
/// it every few seconds.
/// </summary>
public static class HealthCheckVerb
{
    /// <summary>The first argument of the command line.</summary>
    public const string Name = "healthcheck";

    internal const string Description = "asks the running process whether it is alive";

    private const string DefaultUrl = "http://localhost:5000"; // Kestrel's

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    /// <summary>Whether the command line asks for it.</summary>
    public static bool IsAsked(string[] args) => args is [Name, ..];

    /// <summary>Asks, and writes one sentence to <paramref name="error"/> when the process is not alive.</summary>
    /// <param name="name">The process's name, for the message.</param>
    /// <param name="args">The verb and settings such as <c>--urls</c>.</param>
    /// <param name="error">Where the sentence goes.</param>
    /// <returns>The exit code: 0 when the process is alive, else 1, as Docker wants it.</returns>
    public static async Task<int> RunAsync(string name, string[] args, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(error);
        var settings = new ConfigurationBuilder()
            .Add(new EnvironmentVariablesConfigurationSource { Prefix = "ASPNETCORE_" })
            .Add(new EnvironmentVariablesConfigurationSource())
            .AddCommandLine(args[1..])
            .Build();
        if (AddressIn(settings) is not { } address)
        {
            await error.WriteLineAsync(
                $"{name}: {Name} needs an address with http://, and the settings that say where the process listens have none: add one to ASPNETCORE_HTTP_PORTS or ASPNETCORE_URLS."
            );
            return 1;
        }

        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = AnswerTime };
            using var answer = await client.GetAsync(address);
            if (answer.IsSuccessStatusCode)
                return 0;
            await error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{name}: {address} answers {(int)answer.StatusCode}.")
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await error.WriteLineAsync($"{name}: {address} does not answer: {exception.GetBaseException().Message}");
        }

        return 1;
    }

    /// <summary>The address of <c>/healthz</c>, found where Kestrel looks and in its order.</summary>
    internal static Uri? AddressIn(IConfiguration settings)
    {
        var endpoints = settings.GetSection("Kestrel:Endpoints").GetChildren().ToArray();
        // A port that speaks nothing but HTTP/2 refuses a plain request.
        var urls =
            endpoints.Length > 0
                ? endpoints.Where(endpoint => endpoint["Protocols"] != "Http2").Select(endpoint => endpoint["Url"])
                : Split(settings["urls"])
                    ?? Split(settings["http_ports"])?.Select(port => $"http://*:{port}")
                    ?? (Split(settings["https_ports"]) is null ? [DefaultUrl] : []);
        return urls.OfType<string>()
            .Select(BindingAddress.Parse)
            .Where(address => address.Scheme == Uri.UriSchemeHttp)
            .Select(address =>
                new UriBuilder(address.Scheme, HostOf(address), address.Port, HealthEndpoints.AlivePath).Uri
            )
            .FirstOrDefault();
    }

    private static string HostOf(BindingAddress address) =>
        address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;

    private static string[]? Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            is { Length: > 0 } parts
            ? parts
            : null;
}
