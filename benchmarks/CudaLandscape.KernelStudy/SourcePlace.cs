using System.Text.RegularExpressions;

namespace CudaLandscape.KernelStudy;

/// <summary>Where things are written, relative to the folder that holds native/kernels, which is looked for upwards.</summary>
internal sealed partial class SourcePlace(string root)
{
    private const string Kernels = "native/kernels";

    private static readonly string[] s_lists = ["native/include/unary_ops.cuh", "native/include/binary_ops.cuh"];

    /// <summary>The folder that holds them all.</summary>
    public string Root => root;

    /// <summary>The sources of this program: the nearest folder above it, or above the present one, with native/kernels.</summary>
    public static SourcePlace? Find() =>
        new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }.SelectMany(Above)
            .FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, Kernels))) is { } found ? new SourcePlace(found) : null;

    /// <summary>
    /// File and line of a kernel such as <c>elementwise_exp_f32</c>: the declaration, whose name may be put together by a macro
    /// (<c>elementwise_##name##_##suffix</c>), and the op's line in a list of elementwise ops.
    /// </summary>
    public IReadOnlyList<string> OfKernel(string kernel)
    {
        string rest = Family().Replace(kernel, "$1");
        string? declared = Declarations().Where(d => Regex.IsMatch(kernel, $"^{d.Pattern}$"))
            .OrderByDescending(d => d.Pattern.Length).FirstOrDefault().Place;
        string[] listed = kernel.StartsWith("elementwise_", StringComparison.Ordinal)
            ? [.. s_lists.Select(list => At(list, $"({rest},")).OfType<string>()] : [];
        return declared is null ? listed : [declared, .. listed];
    }

    /// <summary>The file of an op's class.</summary>
    public string? OfOp(Type op) => $"src/CudaLandscape.Tensors/Ops/{op.Name}.cs" is var path && File.Exists(Path.Combine(root, path)) ? path : null;

    private IEnumerable<(string Pattern, string? Place)> Declarations() =>
        from path in Directory.GetFiles(Path.Combine(root, Kernels), "*.cu")
        from line in File.ReadLines(path).Index()
        let found = Declaration().Match(line.Item)
        where found.Success
        select (Pattern(found.Groups[1].Value), $"{Kernels}/{Path.GetFileName(path)}:{line.Index + 1}");

    // Parts without underscores at their ends are the macro's arguments.
    private static string Pattern(string name) => string.Concat(name.Split("##").Select((part, i) =>
        i == 0 || part.StartsWith('_') || part.EndsWith('_') ? part : ".+"));

    private string? At(string file, string text)
    {
        int line = Array.FindIndex(File.ReadAllLines(Path.Combine(root, file)), l => l.Contains(text, StringComparison.Ordinal));
        return line < 0 ? null : $"{file}:{line + 1}";
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent) yield return at.FullName;
    }

    [GeneratedRegex("^elementwise_(.*)_(f32|f64|i32|u8)$")]
    private static partial Regex Family();

    [GeneratedRegex(@"KERNEL\((?:\w+, \w+, )?([a-z0-9_#]+),")]
    private static partial Regex Declaration();
}
