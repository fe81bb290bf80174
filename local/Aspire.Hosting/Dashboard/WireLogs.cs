using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>Puts lines of a resource's log into messages that gRPC lets through.</summary>
internal static class WireLogs
{
    // A message may have 4 MB; a character takes 3 bytes of UTF-8 at most.
    private const int MaxCharacters = 1_000_000;

    /// <summary>The lines in as many messages as they need; a line that is too long is cut.</summary>
    public static IEnumerable<Wire.WatchResourceConsoleLogsUpdate> From(IReadOnlyList<LogLine> lines)
    {
        var update = new Wire.WatchResourceConsoleLogsUpdate();
        var characters = 0;
        foreach (var line in lines)
        {
            var text = line.Content.Length > MaxCharacters ? line.Content[..MaxCharacters] : line.Content;
            if (characters + text.Length > MaxCharacters)
            {
                yield return update;
                update = new();
                characters = 0;
            }

            characters += text.Length;
            update.LogLines.Add(
                new Wire.ConsoleLogLine
                {
                    Text = text,
                    LineNumber = line.LineNumber,
                    IsStdErr = line.IsErrorMessage,
                }
            );
        }

        if (update.LogLines.Count > 0)
        {
            yield return update;
        }
    }
}
