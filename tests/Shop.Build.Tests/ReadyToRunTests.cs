namespace Shop.Build.Tests;

public sealed class ReadyToRunTests : IDisposable
{
    private const string Asked = "Compiling the packages ahead of time";
    private const string Impossible = "not possible here, and not needed";

    private readonly ScratchRepository _repository = new();

    public ReadyToRunTests()
    {
        _repository.Write("App/App.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
        _repository.Write("App/Program.cs", "System.Console.WriteLine();\n");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task Without_the_compiler_a_program_is_built_all_the_same_and_it_is_looked_for_once()
    {
        var (exitCode, output) = await _repository.DotnetAsync("build", "App");

        Assert.True(exitCode == 0, output);
        Assert.Contains(Impossible, output, StringComparison.Ordinal);
        Assert.Contains("0 Warning(s)", output, StringComparison.Ordinal);

        (exitCode, output) = await _repository.DotnetAsync("build", "App");

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain(Asked, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_the_precompiled_package_to_run_and_publishes_the_package_as_it_is()
    {
        _repository.Serve("Aspire.Azure.Messaging.ServiceBus", ("lib/net10.0/Thing.dll", "the package"));
        _repository.Write(
            "App/App.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <ItemGroup><PackageReference Include="Aspire.Azure.Messaging.ServiceBus" ExcludeAssets="compile" /></ItemGroup>
              <Target Name="Say" AfterTargets="Build"><Message Importance="high" Text="images=$(ReadyToRunFolder)" /></Target>
            </Project>
            """
        );
        var images = (await _repository.DotnetAsync("build", "App", "-p:AspireServiceBus=package"))
            .Output.Split('\n')
            .Select(line => line.Trim())
            .First(line => line.StartsWith("images=", StringComparison.Ordinal))["images=".Length..];
        _repository.Write(
            $"{images}Aspire.Azure.Messaging.ServiceBus/{_repository.Version}/lib/net10.0/Thing.dll",
            "the image"
        );

        var (exitCode, output) = await _repository.DotnetAsync("build", "App", "-p:AspireServiceBus=package");
        Assert.True(exitCode == 0, output);
        (exitCode, output) = await _repository.DotnetAsync(
            "publish",
            "App",
            "-p:AspireServiceBus=package",
            "-o",
            "published"
        );
        Assert.True(exitCode == 0, output);

        Assert.Equal("the image", await ReadAsync("App/bin/Debug/net10.0/Thing.dll"));
        Assert.Equal("the package", await ReadAsync("published/Thing.dll"));
    }

    private Task<string> ReadAsync(string path) =>
        File.ReadAllTextAsync(Path.Combine(_repository.Root, path), TestContext.Current.CancellationToken);
}
