using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Messaging;

/// <summary>
/// Bodies are camelCase JSON with enums by name. A reader declares what it needs: members it does not know are ignored, a
/// member it declares and does not find makes the message unreadable.
/// </summary>
internal static class MessageJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static string Write<TMessage>(TMessage message) => JsonSerializer.Serialize(message, Options);

    public static TMessage Read<TMessage>(ReadOnlyMemory<byte> body)
        where TMessage : class =>
        JsonSerializer.Deserialize<TMessage>(body.Span, Options) ?? throw new JsonException("The body is null.");
}
