using System.Text;

namespace Aspire.Hosting.Engine;

internal static class CommandLine
{
    /// <summary>Splits at spaces, except within double quotes.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        var isQuoted = false;
        var isWord = false;
        foreach (var c in text)
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
                isWord = true;
            }
            else if (c == ' ' && !isQuoted)
            {
                if (isWord)
                {
                    yield return word.ToString();
                }

                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (isWord)
        {
            yield return word.ToString();
        }
    }
}
