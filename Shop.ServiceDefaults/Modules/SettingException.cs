namespace Shop.ServiceDefaults;

/// <summary>
/// A setting without which the process must not serve is missing or cannot be. <see cref="ModuleHost"/> ends the process with
/// the message on standard error.
/// </summary>
public sealed class SettingException : Exception
{
    /// <summary>One line for each setting: a sentence that names it and says what to do.</summary>
    public SettingException(string message)
        : base(message) { }

    /// <summary>Says each error in one sentence of its own.</summary>
    /// <param name="error">Gets a line for each.</param>
    /// <param name="process">Which process does not start.</param>
    public async Task WriteAsync(TextWriter error, string process)
    {
        ArgumentNullException.ThrowIfNull(error);
        foreach (var sentence in Message.Split('\n'))
        {
            await error.WriteLineAsync($"{process} does not start: {sentence}");
        }
    }

    /// <summary>The same with its cause.</summary>
    public SettingException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Not of use: there is nothing to read.</summary>
    public SettingException() { }
}
