using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.Tensors.Tests.Coverage;

/// <summary>The page of all ops, beside their sources: a line each, from <see cref="OpFacts"/> and the op's documentation.</summary>
internal static partial class CoveragePage
{
    private const string Variable = "CUDALANDSCAPE_WRITE_OPS_PAGE";

    public const string Command =
        $"{Variable}=1 dotnet test tests/CudaLandscape.Tensors.Tests -c Release --filter FullyQualifiedName~The_page_of_ops";

    private static readonly string s_documentation = System.IO.Path.Combine(AppContext.BaseDirectory, "CudaLandscape.Tensors.xml");

    /// <summary>The page in the sources this was built from.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(Folder(), "../../../src/CudaLandscape.Tensors/Ops/README.md"));

    /// <summary>False for a copy without sources, as on a machine that only runs the tests.</summary>
    public static bool CanBeMade => File.Exists(s_documentation) && Directory.Exists(System.IO.Path.GetDirectoryName(Path));

    public static bool ShallBeWritten => Environment.GetEnvironmentVariable(Variable) == "1";

    public static string Generate()
    {
        Dictionary<string, XElement> members = XDocument.Load(s_documentation).Descendants("member")
            .ToDictionary(member => (string)member.Attribute("name")!);
        StringBuilder page = new($"""
            # Ops

            Written by the tests from what they find; a test fails while it is out of date. To write it anew:
            `{Command}`

            - **derivatives**: rules are written in ops, so those of an op that has any have derivatives of every order. The number is
              that of the rows of the op table whose first and second derivatives are compared with finite differences.
            - **runs**: kernels (`_f32`, `_f64`, … omitted) and cuBLAS and cuSOLVER routines of a call; nothing for a view.
            - **PyTorch**: values, gradients and second-order products are compared with PyTorch's.
            - **bits**: the same on every softcuda device and for any number of threads; LAPACK's may differ in the last ones, and so may those of
              3x3 convolutions in float32 with 16 channels or more, for which the fast device alone uses Winograd's transforms where they pay.
            - **capture**: a {nameof(CapturedStep)} can record it, and a replay gives the same bits.

            | op | formula | derivatives | runs | PyTorch | bits | capture |
            | --- | --- | --: | --- | --- | --- | --- |

            """);
        foreach (OpFacts facts in OpFacts.All) page.Append(Line(facts, members[$"T:{facts.Type.FullName}"])).Append('\n');
        return page.ToString();
    }

    private static string Line(OpFacts facts, XElement member)
    {
        string[] cells =
        [
            $"`{facts.Op}`", Formula(member), facts.IsDifferentiable ? $"all, {facts.DerivativeRows}" : "none",
            string.Join(", ", facts.Work.Names().Select(name => $"`{name}`")), Word(facts.HasPyTorchCase),
            facts.Work.UsesLapack ? "LAPACK" : "same", Word(facts.IsCapturable),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>The first sentence of a member's summary as plain text, with what it refers to by name.</summary>
    internal static string Formula(XElement member)
    {
        string text = string.Concat(member.Element("summary")!.Nodes().Select(node => node switch
        {
            XElement see when see.Attribute("cref") is { } cref => cref.Value[(cref.Value.LastIndexOf('.') + 1)..],
            XElement reference when reference.Attribute("name") is { } name => name.Value,
            XElement element => element.Value,
            XText words => words.Value,
            _ => "",
        }));
        string plain = Spaces().Replace(text, " ").Trim();
        return Sentence().Match(plain).Groups[1].Value.Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Word(bool value) => value ? "yes" : "no";

    private static string Folder([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(.*?)[.;:](\s|$)")]
    private static partial Regex Sentence();
}
