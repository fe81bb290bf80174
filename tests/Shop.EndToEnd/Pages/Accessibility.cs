using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary>What axe has against a page.</summary>
internal static class Accessibility
{
    private static readonly AxeRunOptions s_options = new()
    {
        RunOnly = new RunOnlyOptions
        {
            Type = "tag",
            Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        },
    };

    private static readonly string[] s_impacts = ["serious", "critical"];

    /// <summary>A line for each element that breaks a rule of WCAG 2.2 AA seriously.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(IPage page)
    {
        var result = await page.RunAxe(s_options);
        Assert.True(result.Passes.Length > 0, $"axe has looked at nothing of {page.Url}.");
        return
        [
            .. from rule in result.Violations
            where s_impacts.Contains(rule.Impact)
            from node in rule.Nodes
            let details = node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message)
            select $"{rule.Id} ({rule.Impact}) at {node.Target}: {rule.Help}. {string.Join("; ", details)} {rule.HelpUrl}",
        ];
    }
}
