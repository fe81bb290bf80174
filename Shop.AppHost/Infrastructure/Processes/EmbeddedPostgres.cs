using Npgsql;
using Shop.EmbeddedPostgres;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>PostgreSQL as a process: made with initdb on the first start, then run on the same data.</summary>
internal static class EmbeddedPostgres
{
    public static IResourceBuilder<ServerProcess> AddEmbeddedPostgres(
        this IDistributedApplicationBuilder builder,
        DataDirectory data
    )
    {
        var files = new PostgresFiles(data);
        var password = new ParameterResource("postgres-password", _ => files.SuperPassword, secret: true);
        var (command, arguments) = files.Command;
        var server = new ServerProcess(
            "postgres",
            command,
            files.Folder,
            endpoint =>
                ReferenceExpression.Create(
                    $"Host=127.0.0.1;Port={endpoint.Property(EndpointProperty.Port)};Username={PostgresFiles.SuperUser};Password={password}"
                )
        );
        return builder
            .AddServerProcess(server, AnswersAsync)
            .WithArgs([.. arguments])
            .WithArgs(context => context.Args.Add(server.Endpoint.Property(EndpointProperty.TargetPort)))
            .OnBeforeResourceStarted((_, _, cancellationToken) => files.PrepareAsync(cancellationToken));
    }

    private static async Task AnswersAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            $"{connectionString};Database=postgres;Pooling=false;Timeout=2"
        );
        await connection.OpenAsync(cancellationToken);
    }
}
