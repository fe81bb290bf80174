using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>Writes what is alive into a new file, which takes the place of the old one in one step.</summary>
internal static class JournalSnapshot
{
    private const int ChunkSize = 1024 * 1024;

    // A deleted entity of the configuration has a name only.
    private const int NoStore = 0;

    public static (JournalFile File, OperationWriter Writer) Write(string path, Topology topology)
    {
        var file = JournalFile.Create(path + ".new");
        var writer = new OperationWriter();
        var buffer = new RecordBuffer();
        foreach (var (name, definition) in topology.Changes())
        {
            var start = RecordFormat.Begin(buffer);
            RecordFormat.Entity(buffer, NoStore, name, definition);
            RecordFormat.End(buffer, start);
        }

        file.Append(buffer.Written);
        buffer.Clear();
        foreach (var store in topology.Stores)
        {
            var start = RecordFormat.Begin(buffer);
            writer.Define(buffer, store);
            foreach (var operation in store.Snapshot())
            {
                if (buffer.Length > ChunkSize)
                {
                    RecordFormat.End(buffer, start);
                    file.Append(buffer.Written);
                    buffer.Clear();
                    start = RecordFormat.Begin(buffer);
                }

                writer.Write(buffer, operation);
            }

            RecordFormat.End(buffer, start);
            file.Append(buffer.Written);
            buffer.Clear();
        }

        file.Flush();
        file.MoveTo(path);
        return (file, writer);
    }
}
