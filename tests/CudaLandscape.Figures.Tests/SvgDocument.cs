using System.Globalization;
using System.Xml.Linq;

namespace CudaLandscape.Figures.Tests;

/// <summary>A figure read back from its text, as a viewer reads it.</summary>
internal sealed class SvgDocument(IFigure figure)
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";
    private readonly XElement _root = XDocument.Parse(figure.ToSvg()).Root!;

    public XElement Root => _root;

    /// <summary>The frame around the data: left, top, right, bottom.</summary>
    public (double Left, double Top, double Right, double Bottom) Frame
    {
        get
        {
            XElement frame = Single("rect", "frame");
            (double x, double y) = (Number(frame, "x"), Number(frame, "y"));
            return (x, y, x + Number(frame, "width"), y + Number(frame, "height"));
        }
    }

    public XElement Single(string name, string className) => All(name).Single(e => (string?)e.Attribute("class") == className);

    public IEnumerable<XElement> All(string name) => _root.Descendants(s_svg + name);

    public IEnumerable<XElement> In(string className) => All("g").Where(g => (string?)g.Attribute("class") == className);

    /// <summary>Elements of the data, without those of the legend.</summary>
    public IEnumerable<XElement> Data(string name) => In("series").SelectMany(g => g.Descendants(s_svg + name));

    /// <summary>Where a labelled tick of an axis is, in pixels along it.</summary>
    public double Tick(string axis, string label)
    {
        XElement[] children = [.. In($"{axis}-ticks").Single().Elements()];
        int text = Array.FindIndex(children, c => c.Name.LocalName == "text" && c.Value == label);
        return Number(children[text - 1], axis == "x" ? "x1" : "y1");
    }

    public string[] Labels(string axis) => [.. In($"{axis}-ticks").Single().Elements(s_svg + "text").Select(t => t.Value)];

    public static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
