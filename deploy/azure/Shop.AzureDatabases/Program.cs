using Npgsql;
using Shop.AppHost.Infrastructure.Azure;
using Shop.AzureDatabases;
using Shop.EmbeddedPostgres;

// azd runs this after it has provisioned Azure and before it deploys the services (azure.yaml, postprovision).
try
{
    var host =
        Environment.GetEnvironmentVariable("POSTGRES_HOST")
        ?? throw new SetupException("POSTGRES_HOST is missing: start this with 'azd hooks run postprovision'.");
    using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
    var server = new NpgsqlConnectionStringBuilder
    {
        Host = host,
        Username = PostgresServer.Admin,
        Password = await AzdParameters.ReadAsync("postgres_password", limit.Token),
        SslMode = SslMode.VerifyFull,
        Timeout = 30,
    };
    await Databases.EnsureAsync(server.ConnectionString, AzdParameters.ReadAsync, Console.Out, limit.Token);
    return 0;
}
catch (NpgsqlException problem)
{
    await Console.Error.WriteLineAsync(
        $"The databases could not be prepared ({problem.GetBaseException().Message}). If the server can't be reached, set operator_address to this computer's public address: see docs/deploy-azure.md."
    );
    return 1;
}
catch (Exception problem) when (problem is SetupException or OperationCanceledException)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
