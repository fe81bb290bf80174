using System.Globalization;
using System.Net;
using Shop.ServiceBusEmulator.Journal;

namespace Shop.ServiceBusEmulator;

/// <summary>The few lines on standard output; whoever starts the emulator reads the port from the last one.</summary>
internal static class Announcements
{
    public static void Recovered(RecoveryReport report, string directory)
    {
        var torn = report.TornBytes == 0 ? "" : $"; the last {report.TornBytes} bytes were torn and were cut off";
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Recovered {report.Messages} messages from {report.Records} records ({report.Bytes} bytes) in {report.Elapsed.TotalMilliseconds:0} ms from {directory}{torn}."
            )
        );
    }

    public static void NotAvailable(IPAddress address, IPAddress only) =>
        Console.WriteLine($"This machine does not have the address {address}: clients connect to {only} only.");

    public static void Listening(IPEndPoint endpoint, string? admin) =>
        Console.WriteLine(
            $"Service Bus emulator listening on sb://{endpoint}" + (admin is null ? "" : $", admin on {admin}")
        );
}
