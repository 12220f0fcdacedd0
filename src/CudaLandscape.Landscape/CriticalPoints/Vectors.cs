using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>Inner products of device vectors, on the host.</summary>
internal static class Vectors
{
    /// <summary>⟨a, b⟩.</summary>
    public static double Dot(Tensor a, Tensor b)
    {
        using TensorScope scope = new();
        return (a * b).Sum().Item();
    }

    /// <summary>‖a‖₂.</summary>
    public static double Norm(Tensor a) => Math.Sqrt(Dot(a, a));
}
