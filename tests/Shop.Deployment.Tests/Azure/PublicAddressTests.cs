namespace Shop.Deployment.Tests.Azure;

public sealed class PublicAddressTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shop address ").FullName;

    [Fact]
    public async Task A_domain_of_ones_own_is_the_issuer_and_where_people_return_to()
    {
        var (exitCode, errors) = await PublishAsync("--Shop:PublicAddress=https://shop.example.com");

        Assert.True(exitCode == 0, errors);
        var manifest = await File.ReadAllTextAsync(
            Path.Combine(_folder, "manifest.json"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("\"Identity__Issuer\": \"https://shop.example.com/\"", manifest, StringComparison.Ordinal);
        Assert.Contains(
            "RedirectUris__0\": \"https://shop.example.com/signin-oidc\"",
            manifest,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("http://api.example.com")]
    [InlineData("https://example.com/shop")]
    [InlineData("api.example.com")]
    public async Task An_address_that_people_could_not_sign_in_with_is_refused(string address)
    {
        var (exitCode, errors) = await PublishAsync($"--Shop:PublicAddress={address}");

        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"Shop:PublicAddress is '{address}'; set it to an https address without a path, such as https://shop.example.com.",
            errors,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<(int ExitCode, string Errors)> PublishAsync(params string[] options) =>
        AppHostProcess.RunAsync(
            Path.Combine(_folder, "data"),
            ["--publisher", "manifest", "--output-path", Path.Combine(_folder, "manifest.json"), .. options]
        );
}
