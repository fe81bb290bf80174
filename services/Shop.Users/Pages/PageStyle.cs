namespace Shop.Users.Pages;

/// <summary>How the pages look: on a phone and on a desk, by day and by night.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --ground: light-dark(#f4f5f7, #14161a);
          --card: light-dark(#fff, #1e2127);
          --text: light-dark(#1d2939, #eaecf0);
          --quiet: light-dark(#5d6b82, #98a2b3);
          --line: light-dark(#ccd2db, #475467);
          --accent: light-dark(#1f5f4f, #4fb59b);
          --on-accent: light-dark(#fff, #10201b);
          --bad: light-dark(#a4262c, #ff9a94);
          --bad-ground: light-dark(#fdf1f0, #3a1f1f);
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
          background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
        }
        main {
          width: 100%; max-width: 25rem; padding: 2rem; background: var(--card); border-radius: .75rem;
          box-shadow: 0 1px 3px #0002, 0 8px 24px #00000014;
        }
        .brand { margin: 0; color: var(--accent); font-weight: 700; letter-spacing: .04em; }
        h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; }
        label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
        input {
          width: 100%; padding: .625rem .75rem; border: 1px solid var(--line); border-radius: .5rem;
          background: transparent; color: inherit; font: inherit;
        }
        input[aria-invalid] { border-color: var(--bad); }
        button {
          width: 100%; margin-top: 1.5rem; padding: .75rem; border: 0; border-radius: .5rem; cursor: pointer;
          background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600;
        }
        button:hover { filter: brightness(1.1); }
        a { color: var(--accent); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .hint { margin: .25rem 0 0; color: var(--quiet); font-size: .875rem; }
        .more { margin: 1.5rem 0 0; color: var(--quiet); text-align: center; }
        .error { margin: 0 0 1rem; padding: .75rem; border-radius: .5rem; background: var(--bad-ground); color: var(--bad); }
        .error.field { margin: .25rem 0 0; padding: 0; background: none; font-size: .875rem; }
        """;
}
