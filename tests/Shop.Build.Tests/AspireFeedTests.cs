namespace Shop.Build.Tests;

public sealed class AspireFeedTests : IDisposable
{
    private readonly ScratchRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_feed_without_the_packages_turns_references_into_project_references_with_no_flag()
    {
        var (exitCode, output) = await _repository.DotnetAsync("build", "App");

        Assert.True(exitCode == 0, output);
        Assert.Contains("feed=local packages= projects=Azure.Messaging.ServiceBus", output, StringComparison.Ordinal);
        Assert.Contains("<AspireFeed>local</AspireFeed>", await AnswerAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_with_only_some_of_the_packages_is_one_without()
    {
        _repository.Serve("Aspire.Hosting.AppHost");

        var (exitCode, output) = await _repository.DotnetAsync("build", "App");

        Assert.True(exitCode == 0, output);
        Assert.Contains("feed=local packages= projects=Azure.Messaging.ServiceBus", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_with_the_packages_uses_them_as_they_are_with_no_flag()
    {
        _repository.ServeAspire();

        var (exitCode, output) = await _repository.DotnetAsync("build", "App");

        Assert.True(exitCode == 0, output);
        Assert.Contains(
            "feed=nuget packages=Aspire.Azure.Messaging.ServiceBus projects= ",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("ASPIRE_PACKAGES", output, StringComparison.Ordinal);
        Assert.Contains("<AspireFeed>nuget</AspireFeed>", await AnswerAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_feed_with_the_packages_an_AppHost_is_built_with_the_genuine_AppHost_SDK()
    {
        _repository.ServeAspire();
        _repository.Serve(
            "Aspire.AppHost.Sdk",
            (
                "Sdk/Sdk.props",
                "<Project><PropertyGroup><AspireHostingSDKVersion>13.5.2</AspireHostingSDKVersion></PropertyGroup></Project>"
            ),
            (
                "Sdk/Sdk.targets",
                """<Project><Target Name="Genuine" AfterTargets="Build"><Message Importance="high" Text="the genuine AppHost SDK" /></Target></Project>"""
            )
        );
        _repository.Write(
            "App/App.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><IsAspireHost>true</IsAspireHost></PropertyGroup>
              <ItemGroup><PackageReference Include="Aspire.Hosting.AppHost" /></ItemGroup>
            </Project>
            """
        );

        var (exitCode, output) = await _repository.DotnetAsync("build", "App");

        Assert.True(exitCode == 0, output);
        Assert.Contains("the genuine AppHost SDK", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_property_AspireFeed_decides_without_asking_the_feed()
    {
        _repository.ServeAspire();

        var (exitCode, output) = await _repository.DotnetAsync("build", "App", "-p:AspireFeed=local");

        Assert.True(exitCode == 0, output);
        Assert.Contains("feed=local packages= ", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_repository.Answer), "An answer was kept although the feed was not asked.");
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_named_and_nothing_is_kept()
    {
        _repository.UseSource(Path.Combine(_repository.Root, "nowhere"));

        var (exitCode, output) = await _repository.DotnetAsync("build", "App");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("check the network and 'dotnet nuget list source'", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_repository.Answer), "An answer was kept although the source did not answer.");
    }

    private Task<string> AnswerAsync() =>
        File.ReadAllTextAsync(_repository.Answer, TestContext.Current.CancellationToken);
}
