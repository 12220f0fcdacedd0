using System.Runtime.InteropServices;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Runs;

/// <summary>A unit vector v with ‖F v‖ near σ_min, as a sealed safetensors file with the one tensor <c>v_min</c>.</summary>
internal static class RankWitness
{
    private const string Name = "v_min";

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, double[] vector)
    {
        SafetensorsTensor tensor = new(Name, "F64", [vector.Length], MemoryMarshal.AsBytes<double>(vector).ToArray());
        DurableFile.Replace(path, stream => SafetensorsWriter.Write(stream, new SafetensorsFile(new Dictionary<string, string>(), [tensor]), seal: true));
    }

    /// <summary>Reads the vector.</summary>
    /// <exception cref="DataFileException">The file is damaged, not sealed, or holds something else.</exception>
    public static double[] Read(string path)
    {
        SafetensorsFile file = SafetensorsReader.Read(path);
        if (!file.IsSealed || file.Tensors is not [{ Name: Name, Type: "F64", Shape.Rank: 1 } tensor])
            throw new DataFileException(
                path, 8, "this is no witness of a smallest singular value",
                $"{string.Join(", ", file.Tensors)}{(file.IsSealed ? "" : " without a seal")}", $"a sealed file with one vector {Name} F64",
                "Take the ranks again in another run.");
        return MemoryMarshal.Cast<byte, double>(tensor.Bytes).ToArray();
    }
}
