using Shop.EmbeddedPostgres;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>
/// The programs that processes mode runs besides PostgreSQL: maildev from npm, the cache from the NuGet cache, and the Service
/// Bus emulator from its build output.
/// </summary>
internal static class LocalTools
{
    /// <summary>Below <see cref="EmbeddedPrograms.NodeModules"/>.</summary>
    public static string Maildev { get; } = Path.Combine("maildev", "dist", "bin", "maildev.js");

    public static string ServiceBusEmulator { get; } =
        BuildOutput.Executable(
            Path.Combine(EmbeddedPrograms.Root, "local", "Shop.ServiceBusEmulator"),
            "Shop.ServiceBusEmulator"
        );

    public static string Garnet()
    {
        var package = Path.Combine(
            BuildOutput.Metadata("NuGetPackageRoot"),
            "garnet-server",
            BuildOutput.Metadata("GarnetVersion")
        );
        var program = Path.Combine(package, "tools", $"net{Environment.Version.Major}.0", "any", "GarnetServer.dll");
        return File.Exists(program)
            ? program
            : throw new DistributedApplicationException(
                $"The cache is missing from {package}: run 'dotnet restore' with a NuGet source that serves garnet-server."
            );
    }
}
