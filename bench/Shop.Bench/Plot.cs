using System.Globalization;
using System.Text;

namespace Shop.Bench;

/// <summary>Lines over a common x axis, y on a logarithmic scale, as an SVG for light and dark pages.</summary>
internal sealed class Plot(string xTitle, string yTitle)
{
    private const int Width = 760;
    private const int Height = 360;
    private const int Left = 64;
    private const int Right = 600;
    private const int Top = 20;
    private const int Bottom = 310;
    private static readonly string[] s_colors = ["#2f81f7", "#db6d28", "#3fb950", "#a371f7"];

    private readonly List<(string Name, List<(double X, double Y)> Points)> _lines = [];

    public Plot Add(string name, IEnumerable<(double X, double Y)> points)
    {
        _lines.Add((name, [.. points.Where(point => point.Y > 0)]));
        return this;
    }

    public string ToSvg()
    {
        var all = _lines.SelectMany(line => line.Points).ToList();
        var maxX = all.Max(point => point.X);
        var minDecade = Math.Floor(Math.Log10(all.Min(point => point.Y)));
        var maxDecade = Math.Max(minDecade + 1, Math.Ceiling(Math.Log10(all.Max(point => point.Y))));
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="13" fill="#808080">

            """
        );
        for (var decade = minDecade; decade <= maxDecade; decade++)
        {
            var y = YOf(Math.Pow(10, decade));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <path d="M{Left} {y:0.#}H{Right}" stroke="#808080" stroke-opacity="0.3"/><text x="{Left - 8}" y="{y
                    + 4:0.#}" text-anchor="end">{Math.Pow(10, decade):0.###}</text>

                """
            );
        }
        for (var part = 0; part <= 4; part++)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <text x="{XOf(maxX * part / 4):0.#}" y="{Bottom + 20}" text-anchor="middle">{maxX * part / 4:0}</text>

                """
            );
        }
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <text x="{(Left + Right) / 2}" y="{Bottom
                + 42}" text-anchor="middle">{xTitle}</text><text x="{Left}" y="{Top - 6}">{yTitle}</text>

            """
        );
        foreach (var ((name, points), number) in _lines.Select((line, number) => (line, number)))
        {
            var color = s_colors[number % s_colors.Length];
            var path = string.Join(
                'L',
                points.Select(point =>
                    string.Create(CultureInfo.InvariantCulture, $"{XOf(point.X):0.#} {YOf(point.Y):0.#}")
                )
            );
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <path d="M{path}" fill="none" stroke="{color}" stroke-width="2"/><text x="{Right + 16}" y="{Top
                    + 20
                    + 22 * number}" fill="{color}">{name}</text>

                """
            );
        }
        return svg.Append("</svg>\n").ToString();

        double XOf(double x) => Left + ((Right - Left) * x / maxX);

        double YOf(double y) => Bottom - ((Bottom - Top) * (Math.Log10(y) - minDecade) / (maxDecade - minDecade));
    }
}
