using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;

namespace Shop.Build.Tests;

/// <summary>
/// A folder with this repository's own build files, one small project, and a NuGet source that is a folder, so that the
/// build files are tested as they are, without the network and without touching this machine's package cache.
/// </summary>
internal sealed class ScratchRepository : IDisposable
{
    private static readonly string s_root = typeof(ScratchRepository)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "ShopRoot")
        .Value!;

    public ScratchRepository()
    {
        Root = Directory.CreateTempSubdirectory("shop build ").FullName; // the space is on purpose
        Feed = Directory.CreateDirectory(Path.Combine(Root, "feed")).FullName;
        foreach (
            var file in new[]
            {
                "Directory.Build.props",
                "Directory.Build.targets",
                "Directory.Solution.targets",
                "Directory.Packages.props",
                "global.json",
                "eng/AspireServiceBus.targets",
                "eng/Containers.targets",
                "eng/LockFiles.targets",
                "eng/ReadyToRun.targets",
                "eng/aspire-service-bus-probe/probe.csproj",
                "eng/ready-to-run/once.proj",
                "eng/ready-to-run/packages.csproj",
            }
        )
        {
            var target = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(s_root, file), target);
        }
        Version = File.ReadLines(Path.Combine(Root, "Directory.Packages.props"))
            .Select(line => line.Split('>', '<'))
            .First(parts => parts.Contains("AspireVersion"))[2];
        UseSource(Feed);
        Write(
            "App/App.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup>
                <PackageReference Include="Aspire.Azure.Messaging.ServiceBus" />
              </ItemGroup>
              <Target Name="Say" AfterTargets="Build">
                <Message Importance="high" Text="packages=@(PackageReference) projects=@(ProjectReference->'%(Filename)')" />
              </Target>
            </Project>
            """
        );
        Write(
            "App/Something.cs",
            "namespace App;\n\n/// <summary>Something to compile.</summary>\npublic sealed class Something;\n"
        );
        Write(
            "local/Aspire.Azure.Messaging.ServiceBus/Aspire.Azure.Messaging.ServiceBus.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><AssemblyName>Local</AssemblyName><PackageId>Local</PackageId></PropertyGroup></Project>"""
        );
    }

    public string Root { get; }

    public string Feed { get; }

    /// <summary>The version of the Aspire packages, and of every package that is served.</summary>
    public string Version { get; }

    public string Answer => Path.Combine(Root, "artifacts", "aspire-service-bus.props");

    public void UseSource(string source) =>
        Write(
            "nuget.config",
            $"<configuration><packageSources><clear /><add key=\"scratch\" value=\"{source}\" allowInsecureConnections=\"true\" /></packageSources></configuration>"
        );

    public void Write(string path, string text)
    {
        var target = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, text);
    }

    /// <summary>Puts a package into the source: only a name and a version are needed to test the switch.</summary>
    public void Serve(string id, params (string Path, string Text)[] files)
    {
        using var package = ZipFile.Open(Path.Combine(Feed, $"{id}.{Version}.nupkg"), ZipArchiveMode.Create);
        Add(
            $"{id}.nuspec",
            $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>{id}</id><version>{Version}</version><authors>test</authors><description>test</description>
            </metadata></package>
            """
        );
        foreach (var (path, text) in files)
            Add(path, text);

        void Add(string path, string text)
        {
            using var writer = new StreamWriter(package.CreateEntry(path).Open());
            writer.Write(text);
        }
    }

    public async Task<(int ExitCode, string Output)> DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NUGET_PACKAGES"] = Path.Combine(Root, "packages");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        start.Environment.Remove("MSBUILDSDKSPATH");
        start.Environment.Remove("MSBuildExtensionsPath");
        start.Environment.Remove("DOTNET_HOST_PATH");
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
