using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors;

/// <summary>Arithmetic operators, elementwise with broadcasting.</summary>
public sealed partial class Tensor
{
    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => a.Add(b);

    /// <summary>a - b.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => a.Subtract(b);

    /// <summary>a * b.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => a.Multiply(b);

    /// <summary>a / b.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => a.Divide(b);

    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor x) => x.Scale(-1);
}
