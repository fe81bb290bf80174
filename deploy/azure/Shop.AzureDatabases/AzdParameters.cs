using System.Diagnostics;
using System.Text.Json;
using Shop.EmbeddedPostgres;

namespace Shop.AzureDatabases;

/// <summary>
/// The deployment's parameters, from where azd takes them: an environment variable, or else azd's own configuration, which
/// has what it made up or asked for.
/// </summary>
internal static class AzdParameters
{
    /// <param name="name">The parameter, such as <c>usersdb_password</c>.</param>
    /// <param name="cancellationToken">Ends azd as well.</param>
    /// <exception cref="SetupException">azd has no value for it, or is not installed. No message has the value.</exception>
    public static async Task<string> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var variable = $"AZURE_{name.ToUpperInvariant()}";
        return Environment.GetEnvironmentVariable(variable)
            ?? await AskAzdAsync(name, cancellationToken)
            ?? throw new SetupException(
                $"azd has no value for the parameter {name}: run 'azd provision', or set {variable}."
            );
    }

    private static async Task<string?> AskAzdAsync(string name, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "azd",
            ["env", "config", "get", $"infra.parameters.{name}", "--output", "json"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Environment.GetEnvironmentVariable("AZURE_ENV_NAME") is { } environment)
        {
            start.ArgumentList.Add("--environment");
            start.ArgumentList.Add(environment);
        }

        using var azd = Start(start);
        await using var stop = cancellationToken.Register(azd.Kill);
        var errors = azd.StandardError.ReadToEndAsync(cancellationToken);
        var output = await azd.StandardOutput.ReadToEndAsync(cancellationToken);
        await errors;
        await azd.WaitForExitAsync(cancellationToken);
        return azd.ExitCode == 0 && output.Trim() is ['"', ..] text ? JsonSerializer.Deserialize<string>(text) : null;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new SetupException("azd is not installed: https://aka.ms/azd-install");
        }
    }
}
