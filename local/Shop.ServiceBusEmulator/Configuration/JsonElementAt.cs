using System.Text.Json;

namespace Shop.ServiceBusEmulator.Configuration;

/// <summary>A JSON value that knows its line, so that a wrong value can be pointed at.</summary>
internal sealed class JsonElementAt
{
    private static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private JsonElementAt(int line, JsonTokenType type, string? text)
    {
        Line = line;
        Type = type;
        Text = text;
    }

    public int Line { get; }
    public JsonTokenType Type { get; }

    /// <summary>The text of a string, number or boolean.</summary>
    public string? Text { get; }
    public List<JsonElementAt> Items { get; } = [];
    public List<(string Name, JsonElementAt Value)> Members { get; } = [];

    public static JsonElementAt Parse(string file, byte[] utf8)
    {
        var bytes = utf8.AsSpan();
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        var reader = new Utf8JsonReader(bytes, Options);
        try
        {
            reader.Read();
            var root = Read(ref reader, bytes);
            reader.Read();
            return root;
        }
        catch (JsonException exception)
        {
            throw new ConfigurationFileException(
                file,
                (int)(exception.LineNumber ?? 0) + 1,
                $"this is not JSON: {exception.Message.Split(" LineNumber")[0]}"
            );
        }
    }

    private static JsonElementAt Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        var line = 1 + bytes[..(int)reader.TokenStartIndex].Count((byte)'\n');
        var element = new JsonElementAt(line, reader.TokenType, TextOf(ref reader));
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    element.Members.Add((name, Read(ref reader, bytes)));
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    element.Items.Add(Read(ref reader, bytes));
                }

                break;
        }

        return element;
    }

    private static string? TextOf(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };
}
