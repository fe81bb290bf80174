using System.Text.Json;
using System.Text.RegularExpressions;
using Shop.AppHost.Infrastructure;

namespace Shop.Deployment.Tests.Azure;

public sealed partial class ManifestTests(PublishedManifest manifest)
{
    private readonly AzdManifest _azd = new(manifest);

    [Fact]
    public void Nothing_of_processes_mode_reaches_the_manifest()
    {
        Assert.Equal(10, manifest.ResourcesOf("project.v0").Count);
        Assert.DoesNotContain("127.0.0.1", manifest.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost", manifest.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(manifest.Folder, "data")), "Publishing made a data directory.");
    }

    // azd takes a few more, of which the shop has no use.
    [Fact]
    public void Azd_takes_every_type_of_resource() =>
        Assert.All(
            manifest.Resources,
            resource =>
                Assert.True(
                    PublishedManifest.TypeOf(resource)
                        is "project.v0"
                            or "parameter.v0"
                            or "value.v0"
                            or "azure.bicep.v0",
                    $"{resource.Name} is {PublishedManifest.TypeOf(resource)}."
                )
        );

    [Fact]
    public void Every_reference_leads_to_something() =>
        Assert.All(
            _azd.Texts(),
            text =>
                Assert.All(
                    AzdManifest.ReferencesIn(text.Text),
                    reference =>
                        Assert.True(
                            _azd.ProblemOf(reference) is not { } problem,
                            $"{text.Place} has {{{reference}}}: {_azd.ProblemOf(reference)}."
                        )
                )
        );

    [Fact]
    public void Parameters_of_modules_are_references_at_the_top_only() =>
        Assert.DoesNotContain(
            _azd.Texts(),
            text =>
                text.Place.Contains(".params.", StringComparison.Ordinal)
                && AzdManifest.ReferencesIn(text.Text).Any()
                && (text.Place.Count(c => c is '.' or '[') > 2 || !WholeReference().IsMatch(text.Text))
        );

    // userPrincipalId would tell azd that the AppHost brings its own container environment.
    [Fact]
    public void Azd_makes_the_container_environment() =>
        Assert.DoesNotContain("userPrincipalId", manifest.Text, StringComparison.Ordinal);

    [Fact]
    public void Every_service_has_what_it_needs_in_production() =>
        Assert.All(
            manifest.ResourcesOf("project.v0"),
            service =>
            {
                var environment = Environment(service);
                Assert.Equal("{gateway.bindings.https.url}/", environment["Identity__Issuer"]);
                Assert.Equal("{users.bindings.http.url}", environment["services__users__http__0"]);
                Assert.Equal("00:00:05", environment["Shutdown__DrainDelay"]);
                if (service.Name == "gateway")
                    return;
                Assert.Equal(
                    $"{{{service.Name}db.connectionString}}",
                    environment[$"ConnectionStrings__{service.Name}db"]
                );
                Assert.Equal("true", environment["Migrate__AtStart"]);
                if (service.Name == "storefront")
                    Assert.Equal("{gateway.bindings.http.url}", environment["services__gateway__http__0"]);
                else
                    Assert.Equal("{messaging.connectionString}", environment["ConnectionStrings__messaging"]);
            }
        );

    [Fact]
    public void People_sign_in_from_the_storefront_behind_the_gateway()
    {
        var users = Environment(manifest.ResourcesOf("project.v0").Single(service => service.Name == "users"));
        Assert.Equal("{gateway.bindings.https.url}/signin-oidc", users["Identity__Storefront__RedirectUris__0"]);
        Assert.Equal(
            "{gateway.bindings.https.url}/signout-callback-oidc",
            users["Identity__Storefront__PostLogoutRedirectUris__0"]
        );
    }

    [Fact]
    public void Each_database_has_a_login_of_its_own_over_verified_tls()
    {
        var databases = manifest.ResourcesOf("value.v0");
        Assert.Equal(Topology.Databases.Order(), databases.Select(database => database.Name).Order());
        Assert.All(
            databases,
            database =>
                Assert.Equal(
                    $"Host={{postgres.outputs.host}};Port=5432;Database={database.Name};Username={database.Name};Password={{{database.Name}-password.value}};SSL Mode=VerifyFull;Maximum Pool Size=13",
                    database.Value.GetProperty("connectionString").GetString()
                )
        );
    }

    internal static Dictionary<string, string> Environment(JsonProperty service) =>
        service
            .Value.GetProperty("env")
            .EnumerateObject()
            .ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);

    [GeneratedRegex(@"^\{[^{}]+\}$")]
    private static partial Regex WholeReference();
}
