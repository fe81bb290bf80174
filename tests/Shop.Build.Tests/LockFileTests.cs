namespace Shop.Build.Tests;

public sealed class LockFileTests : IDisposable
{
    private const string Package = "Aspire.Azure.Messaging.ServiceBus";
    private const string File = "services/Shop.App/packages.lock.json";

    private readonly ScratchRepository _repository = new();

    public LockFileTests()
    {
        _repository.Serve(Package);
        _repository.Serve("EFCore.NamingConventions");
        _repository.Write(
            "services/Shop.App/Shop.App.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <ItemGroup>
                <PackageReference Include="{Package}" />
                <PackageReference Include="EFCore.NamingConventions" VersionOverride="{_repository.Version}" />
              </ItemGroup>
            </Project>
            """
        );
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_program_is_locked_with_the_project_in_place_of_the_package()
    {
        var (exitCode, output) = await RestoreAsync("project");

        Assert.True(exitCode == 0, output);
        var locked = await ReadAsync();
        Assert.Contains("EFCore.NamingConventions", locked, StringComparison.Ordinal);
        Assert.Contains("net10.0/linux-x64", locked, StringComparison.Ordinal);
        Assert.DoesNotContain(Package, locked, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task In_CI_a_package_that_is_not_locked_is_refused()
    {
        const string Empty = """{ "version": 2, "dependencies": { "net10.0": {} } }""";
        _repository.Write(File, Empty);

        var (exitCode, output) = await RestoreAsync("project", "-p:CI=true");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("NU1004", output, StringComparison.Ordinal);
        Assert.Equal(Empty, await ReadAsync());
    }

    [Fact]
    public async Task With_the_package_itself_the_lock_file_stays_as_it_is()
    {
        _repository.Write(File, "the lock");

        var (exitCode, output) = await RestoreAsync("package", "-p:CI=true");

        Assert.True(exitCode == 0, output);
        Assert.Equal("the lock", await ReadAsync());
    }

    private Task<(int ExitCode, string Output)> RestoreAsync(string aspireServiceBus, params string[] arguments) =>
        _repository.DotnetAsync([
            "restore",
            "services/Shop.App",
            $"-p:AspireServiceBus={aspireServiceBus}",
            .. arguments,
        ]);

    private Task<string> ReadAsync() =>
        System.IO.File.ReadAllTextAsync(Path.Combine(_repository.Root, File), TestContext.Current.CancellationToken);
}
