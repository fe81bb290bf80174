namespace Aspire.Hosting.Engine;

/// <summary>What is started for an instance: a program, its arguments, its folder and its variables.</summary>
internal sealed record Launch(
    string Program,
    string Folder,
    IReadOnlyList<LaunchArgument> Arguments,
    int OwnArgumentsStart,
    IReadOnlyList<DcpVariable> Variables
);

/// <param name="Value">The argument.</param>
/// <param name="IsSensitive">Whether it must not be shown.</param>
internal sealed record LaunchArgument(string Value, bool IsSensitive);
