using System.Diagnostics;
using System.Reflection;

namespace Shop.Deployment.Tests.Azure;

/// <summary>The Bicep command line, which the project file downloads.</summary>
internal static class BicepCli
{
    private static readonly string s_program = typeof(BicepCli)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "Bicep")
        .Value!;

    /// <summary>Runs it and expects no warning.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        if (!File.Exists(s_program) && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("The Bicep CLI is downloaded on Linux x64 only.");
        Assert.True(File.Exists(s_program), $"The Bicep CLI is missing: {s_program}.");
        var start = new ProcessStartInfo(s_program, arguments);
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        var (exitCode, output, errors) = await ChildProcess.RunAsync(start);
        Assert.True(exitCode == 0 && errors.Length == 0, $"bicep {arguments[0]}: {errors}");
        return output;
    }
}
