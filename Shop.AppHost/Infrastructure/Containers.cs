#if ASPIRE_PACKAGES
using System.Diagnostics;
using Aspire.Hosting.Azure;

namespace Shop.AppHost.Infrastructure;

/// <summary>Containers on the developer's machine, and Azure when publishing. Needs the Aspire packages.</summary>
internal static class ContainersExtensions
{
    public static ShopInfrastructure AddContainers(this IDistributedApplicationBuilder builder)
    {
        var postgres = builder.AddPostgres("postgres").WithDataVolume("shop-postgres");
        var databases = new List<ServiceDatabase>();
        postgres.OnResourceReady(
            async (_, _, cancellationToken) =>
            {
                foreach (var database in databases)
                    await database.EnsureAsync(cancellationToken);
            }
        );
        var cache = builder.AddRedis("cache");
        var messaging = builder.AddAzureServiceBus("messaging").AddTopology().RunAsEmulator();
        var maildev = builder
            .AddContainer("maildev", "maildev/maildev", "3.0.0")
            .WithEndpoint(targetPort: 1025, scheme: "tcp", name: "smtp")
            .WithHttpEndpoint(targetPort: 1080, name: "inbox")
            .WithHttpHealthCheck("/healthz", endpointName: "inbox");
        var smtp = maildev.GetEndpoint("smtp");
        var mail = builder.AddConnectionString(
            "mail",
            ReferenceExpression.Create($"smtp://{smtp.Property(EndpointProperty.HostAndPort)}")
        );

        return new(AddDatabase, cache, messaging, mail);

        IResourceBuilder<IResourceWithConnectionString> AddDatabase(string name)
        {
            var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(
                builder,
                $"{name}-password",
                lower: true,
                upper: false,
                numeric: true,
                special: false
            );
            var database = new ServiceDatabase(name, postgres.Resource, postgres.Resource.PrimaryEndpoint, password);
            databases.Add(database);
            return builder
                .AddResource(database)
                .WithInitialState(
                    new()
                    {
                        ResourceType = "Database",
                        Properties = [],
                        State = KnownResourceStates.Running,
                    }
                );
        }
    }

    public static ShopInfrastructure AddAzure(this IDistributedApplicationBuilder builder)
    {
        builder.AddAzureContainerAppEnvironment("shop");
        var postgres = builder.AddAzurePostgresFlexibleServer("postgres").WithPasswordAuthentication();
        return new(
            AddDatabase: name => postgres.AddDatabase(name),
            Cache: builder.AddAzureManagedRedis("cache"),
            Messaging: builder.AddAzureServiceBus("messaging").AddTopology(),
            Mail: builder.AddConnectionString("mail")
        );
    }

    private static IResourceBuilder<AzureServiceBusResource> AddTopology(
        this IResourceBuilder<AzureServiceBusResource> messaging
    )
    {
        foreach (var context in Topology.Contexts)
        {
            messaging
                .AddServiceBusQueue($"{context}-queue", context)
                .WithProperties(queue =>
                {
                    queue.LockDuration = Topology.LockDuration;
                    queue.MaxDeliveryCount = Topology.MaxDeliveryCount;
                });
            var topic = messaging.AddServiceBusTopic(Topology.TopicOf(context));
            foreach (
                var subscription in Topology.Subscriptions.Where(subscription => subscription.Publisher == context)
            )
                topic.AddListener(subscription);
        }
        return messaging;
    }

    private static void AddListener(
        this IResourceBuilder<AzureServiceBusTopicResource> topic,
        Topology.Subscription subscription
    ) =>
        topic
            .AddServiceBusSubscription($"{subscription.Publisher}-to-{subscription.Listener}", subscription.Listener)
            .WithProperties(properties =>
            {
                properties.LockDuration = Topology.LockDuration;
                properties.MaxDeliveryCount = Topology.MaxDeliveryCount;
                properties.ForwardTo = subscription.Listener;
                foreach (var subject in subscription.Subjects)
                {
                    properties.Rules.Add(
                        new AzureServiceBusRule(Topology.RuleNameOf(subject))
                        {
                            FilterType = AzureServiceBusFilterType.CorrelationFilter,
                            CorrelationFilter = new() { Subject = subject },
                        }
                    );
                }
            });
}

/// <summary>Is there a Docker or Podman engine that answers?</summary>
internal static class ContainerRuntime
{
    public static async Task<bool> AnswersAsync()
    {
        foreach (var program in new[] { "docker", "podman" })
        {
            if (await AnswersAsync(program))
                return true;
        }
        return false;
    }

    private static async Task<bool> AnswersAsync(string program)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            var start = new ProcessStartInfo(program, ["version", "--format", "{{.Server.Version}}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return false;
        }
    }
}
#endif
