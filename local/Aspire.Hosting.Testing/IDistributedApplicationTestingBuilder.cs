namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's application before it is built, so that a test can change it.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Builds the application; the AppHost's entry point goes on from its call of Build.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
