namespace Shop.Users.Pages;

/// <summary>How the pages look: like the storefront, whose palette and type these are (<c>shop.css</c>).</summary>
internal static class PageStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --paper: light-dark(#f7f5f0, #14171a);
          --card: light-dark(#ffffff, #1d2125);
          --ink: light-dark(#1e2420, #eceae4);
          --quiet: light-dark(#5a635c, #a5ada6);
          --line: light-dark(#ddd8cc, #343a3f);
          --control: light-dark(#8a8f86, #767e78);
          --accent: light-dark(#1f5f4f, #62c2a8);
          --accent-ink: light-dark(#ffffff, #0e1c18);
          --bad: light-dark(#a4262c, #ff9a94);
          --bad-soft: light-dark(#fcebea, #3a1d1c);
          --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
        }
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; min-height: 100vh; display: flex; flex-direction: column;
          background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans);
        }
        header { border-bottom: 1px solid var(--line); }
        header a { display: block; max-width: 75rem; margin: 0 auto; padding: 1rem; color: var(--ink); font: 600 1.5rem/1.15 var(--serif); text-decoration: none; }
        main {
          width: calc(100% - 2rem); max-width: 26rem; margin: clamp(1.5rem, 8vh, 5rem) auto 4rem; padding: 1.75rem;
          background: var(--card); border: 1px solid var(--line); border-radius: .625rem; overflow-wrap: anywhere;
        }
        h1 { margin: 0 0 1rem; font: 600 1.75rem/1.2 var(--serif); text-wrap: balance; }
        label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
        input {
          width: 100%; min-height: 2.75rem; padding: 0 1rem; border: 1px solid var(--control); border-radius: .625rem;
          background: var(--card); color: inherit; font: inherit;
        }
        input[aria-invalid] { border-color: var(--bad); border-width: 2px; }
        button {
          width: 100%; min-height: 2.75rem; margin-top: 1.5rem; border: 1px solid var(--accent); border-radius: .625rem; cursor: pointer;
          background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600;
        }
        button:hover { filter: brightness(1.08); }
        a { color: var(--accent); text-underline-offset: .15em; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        header a:focus-visible { outline-offset: -3px; }
        .hint { margin: .25rem 0 0; color: var(--quiet); font-size: .875rem; }
        .more { margin: 1.5rem 0 0; color: var(--quiet); text-align: center; }
        .error { margin: 0 0 1rem; padding: 1rem; border-inline-start: 4px solid var(--bad); border-radius: .625rem; background: var(--bad-soft); }
        .error.field { margin: .25rem 0 0; padding: 0; border: 0; background: none; color: var(--bad); font-size: .875rem; }
        """;
}
