using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.Azure;

public sealed partial class SecretsTests(PublishedManifest manifest)
{
    private readonly AzdManifest _azd = new(manifest);

    [Fact]
    public void No_secret_is_in_clear_text_or_in_arguments()
    {
        var secret = SecretWord();
        Assert.DoesNotContain(
            _azd.Texts(),
            text => secret.IsMatch(text.Place) && !text.Text.Contains('{', StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            manifest.ResourcesOf("project.v0"),
            service => service.Value.TryGetProperty("args", out _)
        );
        Assert.All(
            manifest.ResourcesOf("parameter.v0").Where(parameter => parameter.Name != "operator-address"),
            parameter =>
                Assert.True(
                    parameter.Value.GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean(),
                    $"{parameter.Name} is no secret."
                )
        );
    }

    [Fact]
    public void A_generated_identity_key_is_32_bytes_whatever_its_last_character()
    {
        var users = manifest.ResourcesOf("project.v0").Single(service => service.Name == "users");
        var template = ManifestTests.Environment(users)["Identity__KeyEncryptionKey"];
        Assert.All(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            last =>
            {
                var generated = new string('x', MinLengthOf("identity-key") - 1) + last;
                var key = template.Replace("{identity-key.value}", generated, StringComparison.Ordinal);
                Assert.Equal(32, Convert.FromBase64String(key).Length);
            }
        );
    }

    private int MinLengthOf(string parameter) =>
        manifest
            .ResourcesOf("parameter.v0")
            .Single(resource => resource.Name == parameter)
            .Value.GetProperty("inputs")
            .GetProperty("value")
            .GetProperty("default")
            .GetProperty("generate")
            .GetProperty("minLength")
            .GetInt32();

    [GeneratedRegex("(?i)password|secret|connectionstring|encryptionkey")]
    private static partial Regex SecretWord();
}
