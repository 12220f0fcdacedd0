using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>Small matrices that rules of linear algebra are written with.</summary>
internal static class LinearAlgebra
{
    public static Tensor Identity(Device device, long n, DType type)
    {
        using TensorScope scope = new();
        Tensor ones = Tensor.Full(device, [n, n], type, 1);
        return scope.Return(ones.Triangle(upper: true) * ones.Triangle(upper: false));
    }
}
