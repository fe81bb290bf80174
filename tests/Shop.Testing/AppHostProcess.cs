using System.Diagnostics;
using Shop.EmbeddedPostgres;
using Xunit;

namespace Shop.Testing;

/// <summary>The AppHost as a person starts it, run to its end.</summary>
public static class AppHostProcess
{
    /// <summary>Runs the AppHost on free ports and the given data directory; kills it after 60 seconds.</summary>
    public static Task<(int ExitCode, string Errors)> RunAsync(string data, params string[] arguments) =>
        RunAsync(data, arguments, Environment.GetEnvironmentVariable("PATH")!);

    /// <summary>As <see cref="RunAsync(string, string[])"/>, with another <c>PATH</c>.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(string data, string[] arguments, string path)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "exec",
                Repository.ProgramOf("Shop.AppHost"),
                $"--Shop:DataDirectory={data}",
                $"--Shop:GatewayPort={FreePort.Next()}",
                .. arguments,
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = path;
        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{FreePort.Next()}";
        start.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}";
        start.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}";
        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        await output;
        return (process.ExitCode, await errors);
    }
}
