using System.Globalization;
using Shop.EmbeddedPostgres;

namespace Shop.Monolith;

/// <summary>
/// Where the process listens, and that every module is found there under its name: a module that asks another one does so
/// over HTTP or gRPC as always, on the loopback.
/// </summary>
/// <param name="Http">For everybody.</param>
/// <param name="Grpc">Between modules only. Without TLS a port speaks either HTTP/1.1 or HTTP/2.</param>
internal sealed record Addresses(string Http, string Grpc)
{
    private const string Default = "http://localhost:8080";

    /// <summary>
    /// Takes the first address of <c>ASPNETCORE_URLS</c> or <c>--urls</c>, or else the first of <c>ASPNETCORE_HTTP_PORTS</c>,
    /// which images set, or port 8080 of the loopback.
    /// </summary>
    public static Addresses Choose(IConfiguration configuration)
    {
        var http = First("urls") ?? (First("http_ports") is { } any ? $"http://*:{any}" : Default);
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        return new Addresses(http, $"http://127.0.0.1:{port}");

        string? First(string setting) =>
            configuration[setting]?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
    }

    public void AddTo(IConfiguration configuration, IEnumerable<string> modules)
    {
        // Addresses alone cannot say which protocol a port speaks; Kestrel's own settings can, and stand in for them.
        configuration["urls"] = null;
        configuration["Kestrel:Endpoints:http:Url"] = Http;
        configuration["Kestrel:Endpoints:grpc:Url"] = Grpc;
        configuration["Kestrel:Endpoints:grpc:Protocols"] = "Http2";
        // The storefront asks the gateway, which in one process is the process itself.
        foreach (var module in modules.Append("gateway"))
        {
            configuration[$"services:{module}:http:0"] = Reachable;
            configuration[$"services:{module}:grpc:0"] = Grpc;
        }
    }

    /// <summary>The address under which the process reaches itself: one that stands for all is none to call.</summary>
    public string Reachable
    {
        get
        {
            var address = BindingAddress.Parse(Http);
            var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
            return string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}");
        }
    }
}
