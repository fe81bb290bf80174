using System.Reflection;

namespace Shop.ServiceBus.Tests;

/// <summary>Writes down what an assembly offers to others, in the words of <c>official-api.txt</c>.</summary>
internal static class ClientSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes().SelectMany(Of);

    private static IEnumerable<string> Of(Type type)
    {
        yield return $"{type.FullName} : {Kind(type)}";
        foreach (var member in type.IsEnum ? Values(type) : Members(type))
        {
            yield return $"{type.FullName}.{member}";
        }
    }

    private static string Kind(Type type) =>
        type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };

    private static IEnumerable<string> Values(Type type) =>
        Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");

    private static IEnumerable<string> Members(Type type) =>
        type.GetConstructors(Declared)
            .Where(constructor => !constructor.IsStatic && IsVisible(constructor))
            .Select(constructor => $"new({Parameters(constructor)})")
            .Concat(
                type.GetMethods(Declared)
                    .Where(method => !method.IsSpecialName && IsVisible(method))
                    .Select(method =>
                        $"{(method.IsStatic ? "static " : "")}{method.Name}{Generics(method)}({Parameters(method)}) : {Name(method.ReturnType)}"
                    )
            )
            .Concat(
                type.GetProperties(Declared)
                    .Where(property => IsVisible(property.GetMethod))
                    .Select(property =>
                        $"{property.Name} : {Name(property.PropertyType)} {(IsVisible(property.SetMethod) ? "{ get set }" : "{ get }")}"
                    )
            )
            .Concat(
                type.GetEvents(Declared)
                    .Where(raised => IsVisible(raised.AddMethod))
                    .Select(raised => $"{raised.Name} : event {Name(raised.EventHandlerType!)}")
            )
            .Concat(
                type.GetFields(Declared)
                    .Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly)
                    .Select(field => $"{field.Name} : field {Name(field.FieldType)}")
            );

    private static bool IsVisible(MethodBase? method) =>
        method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) =>
        string.Join(
            ", ",
            method
                .GetParameters()
                .Select(parameter =>
                    $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? " =" : "")}"
                )
        );

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? $"{Name(value)}?"
        : type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
