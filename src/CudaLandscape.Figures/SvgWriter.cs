using System.Globalization;
using System.Text;
using System.Xml;

namespace CudaLandscape.Figures;

/// <summary>Writes SVG elements; numbers are in pixels, rounded to hundredths.</summary>
internal sealed class SvgWriter : IDisposable
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private readonly StringBuilder _text = new();
    private readonly XmlWriter _xml;

    /// <summary>Begins a document with a white ground.</summary>
    public SvgWriter(double width, double height, string title)
    {
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = " ", NewLineChars = "\n" });
        _xml.WriteStartElement("svg", Namespace);
        Attributes(("width", width), ("height", height), ("viewBox", $"0 0 {Number(width)} {Number(height)}"), ("role", "img"),
            ("font-family", "Helvetica, Arial, 'DejaVu Sans', sans-serif"), ("font-size", TextSize.Normal), ("fill", "#222222"));
        _xml.WriteElementString("title", Namespace, title);
        Element("rect", ("width", width), ("height", height), ("fill", "#ffffff"));
    }

    /// <summary>A number with at most two decimals.</summary>
    public static string Number(double value)
    {
        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>An element without content.</summary>
    public void Element(string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        _xml.WriteStartElement(name, Namespace);
        Attributes(attributes);
        _xml.WriteEndElement();
    }

    /// <summary>A group, open until it is disposed.</summary>
    public IDisposable Group(params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        _xml.WriteStartElement("g", Namespace);
        Attributes(attributes);
        return new End(_xml);
    }

    /// <summary>A text; the anchor is <c>start</c>, <c>middle</c> or <c>end</c>.</summary>
    public void Text(double x, double y, string text, string anchor, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        _xml.WriteStartElement("text", Namespace);
        Attributes(("x", x), ("y", y), ("text-anchor", anchor));
        Attributes(attributes);
        _xml.WriteString(text);
        _xml.WriteEndElement();
    }

    /// <summary>The region that clips what is drawn in groups with <c>clip-path="url(#plot)"</c>.</summary>
    public void Clip(PlotArea area)
    {
        _xml.WriteStartElement("clipPath", Namespace);
        Attributes(("id", "plot"));
        Element("rect", ("x", area.Left), ("y", area.Top), ("width", area.Width), ("height", area.Height));
        _xml.WriteEndElement();
    }

    /// <summary>Ends the document.</summary>
    public string Finish()
    {
        _xml.WriteEndElement();
        _xml.Flush();
        return _text.Append('\n').ToString();
    }

    public void Dispose() => _xml.Dispose();

    private void Attributes(params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        foreach ((string name, object value) in attributes)
            _xml.WriteAttributeString(name, value is string text ? text : Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)));
    }

    private sealed class End(XmlWriter xml) : IDisposable
    {
        public void Dispose() => xml.WriteEndElement();
    }
}
