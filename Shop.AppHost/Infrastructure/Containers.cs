using Microsoft.Extensions.Configuration;
using Shop.AppHost.Infrastructure.Processes;

namespace Shop.AppHost.Infrastructure;

/// <summary>Containers mode: PostgreSQL, Redis and mail as containers. The Service Bus emulator is a process in both modes.</summary>
internal static class ContainersExtensions
{
    private const string Volume = "shop-postgres";

    /// <exception cref="DistributedApplicationException"><c>Shop:Fresh</c> is set, which can't empty a volume.</exception>
    public static ShopInfrastructure AddContainers(this IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration.GetValue("Shop:Fresh", false))
        {
            throw new DistributedApplicationException(
                $"Shop:Fresh=true works with processes only; to start containers on empty data, remove the volume '{Volume}' and the folder .shop first."
            );
        }

        var data = builder.OpenDataDirectory();
        var postgres = builder.AddPostgres("postgres").WithDataVolume(Volume);
        var maildev = builder
            .AddContainer("maildev", "maildev/maildev", "3.0.0")
            .WithEndpoint(targetPort: 1025, scheme: "tcp", name: "smtp")
            .WithHttpEndpoint(targetPort: 1080, name: "inbox")
            .WithHttpHealthCheck("/healthz", endpointName: "inbox");
        var smtp = maildev.GetEndpoint("smtp").Property(EndpointProperty.HostAndPort);
        return new(
            AddDatabase: postgres.AddServiceDatabases(postgres.Resource.PrimaryEndpoint, data),
            Cache: builder.AddRedis("cache"),
            Messaging: builder.AddServiceBusEmulator(data),
            Mail: builder.AddConnectionString("mail", ReferenceExpression.Create($"smtp://{smtp}"))
        );
    }
}
