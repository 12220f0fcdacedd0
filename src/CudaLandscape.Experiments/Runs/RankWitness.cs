using System.Runtime.InteropServices;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// The vectors that a rank can be checked by without a factorisation, as a sealed safetensors file: <c>v_min</c> [k], a unit vector v
/// with ‖F v‖ near σ_min, and <c>v_null</c> [d, k], orthonormal vectors on which F is below the threshold; each where there is one.
/// </summary>
/// <param name="Smallest">v.</param>
/// <param name="NullSpace">The d vectors one after the other.</param>
internal sealed record RankWitness(double[]? Smallest, double[]? NullSpace)
{
    private const string SmallestName = "v_min", NullSpaceName = "v_null";

    /// <summary>Of nothing.</summary>
    public static RankWitness None { get; } = new(null, null);

    /// <summary>Replaces the file; removes it where there are no vectors.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, RankFinding finding)
    {
        List<SafetensorsTensor> tensors = [];
        if (finding.SmallestVector is { } v) tensors.Add(Of(SmallestName, [v.Length], v));
        if (finding.NullSpace is { } many) tensors.Add(Of(NullSpaceName, [many.Length / finding.Result.FullRank, finding.Result.FullRank], many));
        if (tensors.Count == 0) File.Delete(path);
        else DurableFile.Replace(path, stream => SafetensorsWriter.Write(stream, new SafetensorsFile(new Dictionary<string, string>(), tensors), seal: true));
    }

    /// <summary>Reads the vectors.</summary>
    /// <exception cref="DataFileException">The file is damaged, not sealed, or holds something else.</exception>
    public static RankWitness Read(string path)
    {
        SafetensorsFile file = SafetensorsReader.Read(path);
        if (!file.IsSealed || file.Tensors.Count == 0 || !file.Tensors.All(IsKnown))
            throw new DataFileException(
                path, 8, "these are no vectors of a rank",
                $"{string.Join(", ", file.Tensors)}{(file.IsSealed ? "" : " without a seal")}", $"a sealed file with {SmallestName} [k] F64, {NullSpaceName} [d,k] F64, or both",
                "Take the ranks again in another run.");
        return new RankWitness(Values(file, SmallestName), Values(file, NullSpaceName));
    }

    private static SafetensorsTensor Of(string name, long[] shape, double[] values) =>
        new(name, "F64", Tensors.Shape.Create(shape), MemoryMarshal.AsBytes<double>(values).ToArray());

    private static bool IsKnown(SafetensorsTensor tensor) => tensor is { Name: SmallestName, Type: "F64", Shape.Rank: 1 } or { Name: NullSpaceName, Type: "F64", Shape.Rank: 2 };

    private static double[]? Values(SafetensorsFile file, string name) => file.Tensors.FirstOrDefault(t => t.Name == name) is { } tensor
        ? MemoryMarshal.Cast<byte, double>(tensor.Bytes).ToArray()
        : null;
}
