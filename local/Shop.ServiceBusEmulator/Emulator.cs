using System.Net;
using Shop.ServiceBusEmulator.Admin;
using Shop.ServiceBusEmulator.Amqp;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Configuration;
using Shop.ServiceBusEmulator.Journal;
using Shop.ServiceBusEmulator.Telemetry;

namespace Shop.ServiceBusEmulator;

/// <summary>A running emulator: journal, broker, AMQP listener and the page beside it.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    private readonly MessageJournal journal;
    private readonly MessageBroker broker;
    private EmulatorTelemetry? telemetry;
    private EmulatorMetrics? metrics;
    private AmqpServer? server;
    private WebApplication? admin;

    private Emulator(MessageJournal journal, MessageBroker broker)
    {
        this.journal = journal;
        this.broker = broker;
    }

    /// <summary>Recovers, then listens, and says both on the console.</summary>
    /// <remarks><paramref name="failed"/> is called when the journal cannot be written any more.</remarks>
    public static async Task<Emulator> StartAsync(
        EmulatorOptions options,
        Action<Exception> failed,
        CancellationToken cancellationToken
    )
    {
        var definition = ConfigurationFile.Read(options.ConfigurationFile);
        var time = TimeProvider.System;
        var journal = new MessageJournal(options.DataDirectory, failed);
        var topology = new Topology(definition, journal, time);
        var emulator = new Emulator(journal, new MessageBroker(topology, journal, time));
        try
        {
            var report = journal.Open(topology, WireMessageReader.Instance);
            Announcements.Recovered(report, options.DataDirectory);
            emulator.broker.Start();
            emulator.server = new AmqpServer(
                new IPEndPoint(options.Bind, options.Port),
                emulator.broker,
                options.Key,
                time,
                options.SecondBind
            );
            if (options.SecondBind is { } second && !emulator.server.HasSecond)
            {
                Announcements.NotAvailable(second, options.Bind);
            }

            emulator.telemetry = new EmulatorTelemetry(isScraped: options.AdminPort is not null);
            emulator.metrics = new EmulatorMetrics(topology, journal, emulator.server);
            if (options.AdminPort is { } port)
            {
                emulator.admin = await AdminServer.StartAsync(
                    new IPEndPoint(options.Bind, port),
                    topology,
                    new ManagementApi(new EntityManager(topology, journal, time), options.Key, time),
                    emulator.telemetry.Metrics!,
                    cancellationToken
                );
            }

            Announcements.Listening(emulator.server.Endpoint, emulator.admin?.Urls.FirstOrDefault());
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        server?.Dispose();
        if (admin is not null)
        {
            await admin.DisposeAsync();
        }

        telemetry?.Dispose();
        metrics?.Dispose();
        journal.Dispose();
        broker.Dispose();
    }
}
