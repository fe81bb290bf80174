using System.Reflection;
using Shop.EmbeddedPostgres;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>
/// The programs that processes mode runs besides PostgreSQL: maildev from npm, the cache from the NuGet cache, and the Service
/// Bus emulator from its build output.
/// </summary>
internal static class LocalTools
{
    private static string Local { get; } = Path.Combine(EmbeddedPrograms.Root, "local");

    public static string Maildev { get; } =
        Path.Combine(EmbeddedPrograms.NodeModules, "maildev", "dist", "bin", "maildev.js");

    public static string ServiceBusEmulator { get; } =
        Path.Combine(
            Local,
            "Shop.ServiceBusEmulator",
            "bin",
            Metadata("Configuration"),
            $"net{Environment.Version.Major}.0",
            "Shop.ServiceBusEmulator.dll"
        );

    public static string Garnet()
    {
        var package = Path.Combine(Metadata("NuGetPackageRoot"), "garnet-server", Metadata("GarnetVersion"));
        var program = Path.Combine(package, "tools", $"net{Environment.Version.Major}.0", "any", "GarnetServer.dll");
        return File.Exists(program)
            ? program
            : throw new DistributedApplicationException(
                $"The cache is missing from {package}: run 'dotnet restore' with a NuGet source that serves garnet-server."
            );
    }

    private static string Metadata(string key) =>
        typeof(LocalTools)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key)
            .Value!;
}
