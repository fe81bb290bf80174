using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.EmbeddedPostgres;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>Processes mode: everything as plain processes on 127.0.0.1, with nothing but the .NET SDK and Node.js.</summary>
internal static class ProcessesExtensions
{
    public static async Task<ShopInfrastructure> AddProcessesAsync(this IDistributedApplicationBuilder builder)
    {
        await EmbeddedPrograms.InstallAsync();
        var data = builder.OpenDataDirectory();
        var postgres = builder.AddEmbeddedPostgres(data);
        return new(
            AddDatabase: postgres.AddServiceDatabases(postgres.Resource.Endpoint, data),
            Cache: builder.AddGarnet(data),
            Messaging: builder.AddServiceBusEmulator(data),
            Mail: builder.AddMaildev(data)
        );
    }

    /// <summary>Opens the folder of <c>Shop:DataDirectory</c> for this run, and watches over the processes that use it.</summary>
    public static DataDirectory OpenDataDirectory(this IDistributedApplicationBuilder builder)
    {
        var data = DataDirectory.Open(
            builder.Configuration["Shop:DataDirectory"] ?? Path.Combine(EmbeddedPrograms.Root, ".shop"),
            builder.Configuration.GetValue("Shop:Fresh", false)
        );
        builder.Services.AddHostedService(_ => new DataDirectoryInUse(data));
        builder.Services.AddHostedService<ServerWatch>();
        return data;
    }

    private static IResourceBuilder<ServerProcess> AddGarnet(
        this IDistributedApplicationBuilder builder,
        DataDirectory data
    )
    {
        var folder = data.For("cache");
        var server = new ServerProcess(
            "cache",
            "dotnet",
            folder,
            endpoint => ReferenceExpression.Create($"127.0.0.1:{endpoint.Property(EndpointProperty.Port)}")
        );
        string[] options =
        [
            "--bind",
            "127.0.0.1",
            "--lua",
            // Without it scripts of several connections run into each other, unlike on Redis.
            "--lua-transaction-mode",
            "--memory",
            "64m",
            "--index",
            "16m",
            "--device-type",
            "RandomAccess",
        ];
        return builder
            .AddServerProcess(server, AnswersPingAsync)
            .WithArgs("exec", LocalTools.Garnet())
            .WithArgs([.. options, "--port"])
            .WithArgs(context => context.Args.Add(server.Endpoint.Property(EndpointProperty.TargetPort)));
    }

    /// <summary>The Service Bus emulator, which containers mode uses as well.</summary>
    public static IResourceBuilder<ServerProcess> AddServiceBusEmulator(
        this IDistributedApplicationBuilder builder,
        DataDirectory data
    )
    {
        var folder = data.For("messaging");
        var config = Path.Combine(folder, "Config.json");
        var server = new ServerProcess(
            "messaging",
            LocalTools.ServiceBusEmulator,
            folder,
            endpoint =>
                ReferenceExpression.Create(
                    $"Endpoint=sb://127.0.0.1:{endpoint.Property(EndpointProperty.Port)};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true"
                )
        );
        var adminPort = FreePort.Next();
        return builder
            .AddServerProcess(
                server,
                (_, cancellationToken) => AnswersHttpAsync($"http://127.0.0.1:{adminPort}/healthz", cancellationToken)
            )
            .WithHttpEndpoint(port: adminPort, name: "admin", isProxied: false)
            .WithArgs("--config", Path.GetFileName(config), "--data", folder)
            .WithArgs("--admin-port", $"{adminPort}", "--port")
            .WithArgs(context => context.Args.Add(server.Endpoint.Property(EndpointProperty.TargetPort)))
            .OnBeforeResourceStarted(
                (_, _, cancellationToken) =>
                    File.WriteAllTextAsync(config, EmulatorConfiguration.Write(), cancellationToken)
            );
    }

    private static IResourceBuilder<ServerProcess> AddMaildev(
        this IDistributedApplicationBuilder builder,
        DataDirectory data
    )
    {
        var folder = data.For("mail");
        var server = new ServerProcess(
            "mail",
            "node",
            EmbeddedPrograms.NodeModules,
            endpoint => ReferenceExpression.Create($"smtp://127.0.0.1:{endpoint.Property(EndpointProperty.Port)}")
        );
        var webPort = FreePort.Next();
        return builder
            .AddServerProcess(
                server,
                (_, cancellationToken) => AnswersHttpAsync($"http://127.0.0.1:{webPort}/api/email", cancellationToken)
            )
            .WithHttpEndpoint(port: webPort, name: "inbox", isProxied: false)
            .WithUrlForEndpoint("inbox", url => url.DisplayText = "Inbox")
            .WithArgs(
                LocalTools.Maildev,
                "--ip",
                "127.0.0.1",
                "--mail-directory",
                folder,
                "--web-ip",
                "127.0.0.1",
                "--web",
                $"{webPort}",
                "--smtp"
            )
            .WithArgs(context => context.Args.Add(server.Endpoint.Property(EndpointProperty.TargetPort)));
    }

    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private static async Task AnswersHttpAsync(string address, CancellationToken cancellationToken)
    {
        using var response = await s_http.GetAsync(new Uri(address), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task AnswersPingAsync(string connectionString, CancellationToken cancellationToken)
    {
        var address = connectionString.Split(':');
        using var client = new TcpClient();
        await client.ConnectAsync(
            address[0],
            int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture),
            cancellationToken
        );
        var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        if (!answer.AsSpan().SequenceEqual("+PONG\r\n"u8))
            throw new InvalidOperationException("the cache answered something else than PONG to PING");
    }

    // A hosted service only so that the host that uses the folder also lets go of it.
    private sealed class DataDirectoryInUse(DataDirectory data) : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => data.Dispose();
    }
}
