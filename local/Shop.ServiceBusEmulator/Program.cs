using System.Runtime.InteropServices;
using Shop.ServiceBusEmulator;
using Shop.ServiceBusEmulator.Configuration;

var stop = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult(0);
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var emulator = await Emulator.StartAsync(
        EmulatorOptions.Parse(args),
        exception =>
        {
            // Nothing can be promised any more: end at once, like a crash, and let recovery sort it out.
            Console.Error.WriteLine($"The journal cannot be written: {exception.Message}");
            Environment.Exit(1);
        },
        CancellationToken.None
    );
    return await stop.Task;
}
catch (Exception exception)
    when (exception is OptionsException or ConfigurationFileException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
