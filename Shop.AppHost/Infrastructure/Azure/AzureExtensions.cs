using System.Text.Json.Nodes;

namespace Shop.AppHost.Infrastructure.Azure;

/// <summary>Publish mode: managed services of Azure, which <c>azd up</c> creates from Bicep files.</summary>
internal static class AzureExtensions
{
    public static ShopInfrastructure AddAzure(this IDistributedApplicationBuilder builder) =>
        new(
            AddDatabase: builder.AddPostgresServer(),
            Cache: builder
                .AddBicep(new("cache", BicepResource.SecretOutput("cache", "cache")))
                .WithParameter("keyVaultName", BicepResource.FilledByAzd),
            Messaging: builder
                .AddBicep(new("messaging", "{messaging.outputs.endpoint}"))
                .WithParameter("principalId", BicepResource.FilledByAzd)
                .WithParameter("principalType", BicepResource.FilledByAzd)
                .WithParameter("topology", AzureTopology.Write()),
            // azd asks for it: smtps://user:password@host.
            Mail: builder.AddConnectionString("mail")
        );

    /// <summary>The result adds one of the server's databases, which has a login of its own.</summary>
    private static Func<string, IResourceBuilder<IResourceWithConnectionString>> AddPostgresServer(
        this IDistributedApplicationBuilder builder
    )
    {
        var postgres = builder
            .AddBicep(new("postgres"))
            .WithParameter("admin", PostgresServer.Admin)
            .WithParameter("adminPassword", builder.AddGeneratedSecret("postgres-password", length: 32))
            .WithParameter("operatorAddress", builder.AddParameter("operator-address"))
            .WithParameter(
                "extensions",
                new JsonArray([
                    .. PostgresServer.Extensions.Select(extension => JsonValue.Create(extension.ToUpperInvariant())),
                ])
            );
        return name =>
        {
            var password = builder.AddGeneratedSecret($"{name}-password", length: 32);
            return builder.AddConnectionString(
                name,
                ReferenceExpression.Create(
                    $"Host={postgres.Resource.Output("host")};Port=5432;Database={name};Username={name};Password={password};SSL Mode=VerifyFull;Maximum Pool Size={PostgresServer.PoolSize}"
                )
            );
        };
    }

    /// <summary>A secret of letters and digits that azd makes up once and keeps.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(
        this IDistributedApplicationBuilder builder,
        string name,
        int length
    ) =>
        builder.AddParameter(
            name,
            new GenerateParameterDefault
            {
                MinLength = length,
                Special = false,
                // Azure refuses a password with less than three kinds of characters.
                MinLower = 1,
                MinUpper = 1,
                MinNumeric = 1,
            },
            secret: true
        );
}
