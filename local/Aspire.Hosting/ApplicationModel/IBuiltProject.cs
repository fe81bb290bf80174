namespace Aspire.Hosting.Local;

/// <summary>A project whose built assembly is known, so that it is started without <c>dotnet run</c>; the genuine packages have no such thing.</summary>
public interface IBuiltProject
{
    /// <summary>The path of the built assembly.</summary>
    string AssemblyPath { get; }
}
