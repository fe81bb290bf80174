namespace Shop.EmbeddedPostgres;

/// <summary>This machine lacks something, or something is in the way; the message says what, and what to do about it.</summary>
/// <param name="message">One sentence for the person who started the program.</param>
public sealed class SetupException(string message) : Exception(message);
