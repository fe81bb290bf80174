using System.Net;

namespace Shop.Deployment.Tests.Containers;

public sealed class PublishedProgramTests(PublishedPrograms programs) : IClassFixture<PublishedPrograms>
{
    public static TheoryData<string> Names =>
        [.. Programs.ProjectFiles.Select(Path.GetFileNameWithoutExtension).OfType<string>()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_program_is_alive_without_root_a_home_or_a_folder_to_write_to(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither Unix permissions nor signals.");
        await using var program = new BoxedProcess(programs.FolderOf(name), name);

        Assert.Equal(HttpStatusCode.OK, await program.GetAsync("/healthz"));

        Assert.False(await program.CanWriteToItsFolderAsync());
        Assert.Equal((0, "", ""), await program.CheckHealthAsync());
        await program.StopAsync();
        var (exitCode, _, error) = await program.CheckHealthAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("/healthz does not answer", error, StringComparison.Ordinal);
    }
}
