namespace Shop.Bench.Brokers;

/// <summary>
/// ActiveMQ 5.17 with its default store (KahaDB, a disk sync for every write). Debian's package comes without the AMQP
/// transport; it is measured where that was added to its libraries.
/// </summary>
internal sealed class ActiveMqBroker : BrokerProcess
{
    private const string Libraries = "/usr/share/activemq/lib";

    public override string Name => "ActiveMQ";

    public override string? Missing =>
        !Directory.Exists(Libraries) ? "ActiveMQ is not installed (Debian: activemq); it is left out."
        : !HasLibrary("activemq-amqp*.jar") || !HasLibrary("proton-j*.jar")
            ? $"ActiveMQ has no AMQP transport here (activemq-amqp and proton-j are not in {Libraries}, and not in Debian); it is left out."
        : null;

    public override string Queue => "bench";

    protected override string User => "bench";

    protected override string Password => "bench";

    protected override async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var configuration = Path.Combine(Folder, "activemq.xml");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            <beans xmlns="http://www.springframework.org/schema/beans"
                   xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                   xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
                                       http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
              <broker xmlns="http://activemq.apache.org/schema/core" brokerName="bench" useJmx="false" dataDirectory="{Folder}/data">
                <persistenceAdapter><kahaDB directory="{Folder}/data/kahadb"/></persistenceAdapter>
                <transportConnectors>
                  <transportConnector name="amqp" uri="amqp://127.0.0.1:{Port}"/>
                </transportConnectors>
              </broker>
            </beans>
            """,
            cancellationToken
        );
        Launch(
            "java",
            [
                "-Xmx1G",
                "-cp",
                $"{Libraries}/*:{Libraries}/optional/*",
                "org.apache.activemq.console.Main",
                "start",
                $"xbean:file:{configuration}",
            ]
        );
    }

    private static bool HasLibrary(string pattern) =>
        Directory.EnumerateFiles(Libraries, pattern, SearchOption.AllDirectories).Any();
}
