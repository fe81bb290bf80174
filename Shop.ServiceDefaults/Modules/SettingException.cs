namespace Shop.ServiceDefaults;

/// <summary>
/// A setting without which the process must not serve is missing or cannot be. <see cref="ModuleHost"/> ends the process with
/// the message on standard error.
/// </summary>
public sealed class SettingException : Exception
{
    /// <summary>One sentence that names the setting and says what to do.</summary>
    public SettingException(string message)
        : base(message) { }

    /// <summary>The same with its cause.</summary>
    public SettingException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Not of use: there is nothing to read.</summary>
    public SettingException() { }
}
