namespace Shop.Billing.Printing;

/// <summary>How documents look, on the screen and on A4 paper.</summary>
internal static class DocumentStyle
{
    /// <summary>The style sheet; its line ends are the source file's, which is why they are made the same everywhere.</summary>
    public static readonly string Css = """
        :root { --ink: #1c2430; --soft: #667085; --line: #e3e7ee; --brand: #1f4fd8; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #eef1f6; color: var(--ink);
          font: 14px/1.5 "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { position: relative; width: 210mm; min-height: 297mm; margin: 24px auto; padding: 22mm 20mm 18mm;
          background: #fff; box-shadow: 0 6px 28px rgb(28 36 48 / 14%); display: flex; flex-direction: column; }
        header { display: flex; justify-content: space-between; align-items: flex-start;
          padding-bottom: 14px; border-bottom: 3px solid var(--brand); }
        h1 { margin: 0; font-size: 30px; font-weight: 650; letter-spacing: -0.02em; }
        h2 { margin: 0 0 4px; font-size: 11px; font-weight: 600; letter-spacing: .08em; text-transform: uppercase;
          color: var(--soft); }
        .seller { text-align: right; color: var(--soft); font-size: 12.5px; }
        .seller strong { display: block; font-size: 17px; color: var(--brand); }
        .badge { display: inline-block; margin-top: 6px; padding: 2px 12px; border-radius: 999px; font-size: 12px;
          font-weight: 650; letter-spacing: .06em; border: 1.5px solid currentcolor; }
        .PAID { color: #12824a; } .UNPAID { color: #b25b00; } .VOID { color: #98a2b3; } .CREDIT { color: var(--brand); }
        .facts { display: flex; justify-content: space-between; gap: 32px; margin: 26px 0 30px; }
        .facts address { font-style: normal; overflow-wrap: anywhere; }
        dl { margin: 0; display: grid; grid-template-columns: auto auto; gap: 2px 18px; align-content: start; }
        dt { color: var(--soft); } dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
        table { width: 100%; border-collapse: collapse; }
        th { padding: 7px 8px; text-align: left; font-size: 11px; letter-spacing: .08em; text-transform: uppercase;
          color: var(--soft); border-bottom: 1.5px solid var(--ink); }
        td { padding: 8px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
        th.n, td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        tr { break-inside: avoid; }
        .sums { align-self: flex-end; width: 78mm; margin-top: 14px; gap: 5px 0; padding: 0 8px; break-inside: avoid; }
        .sums dd { white-space: nowrap; }
        .sums .total { margin-top: 5px; padding-top: 8px; border-top: 1.5px solid var(--ink); color: var(--ink);
          font-size: 17px; font-weight: 650; }
        .note { margin: 30px 0 0; color: var(--soft); }
        footer { margin-top: auto; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft);
          font-size: 11.5px; display: flex; justify-content: space-between; gap: 24px; }
        @media (max-width: 820px) { main { width: auto; min-height: 0; margin: 0; padding: 24px; } }
        @page { size: A4; margin: 18mm 16mm; }
        @media print {
          body { background: none; font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { width: auto; min-height: 255mm; margin: 0; padding: 0; box-shadow: none; }
          thead { display: table-header-group; }
        }
        """.ReplaceLineEndings("\n");
}
