using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>
/// Value, gradient g = ∇Φ(θ) and products with the Hessian H = ∇²Φ(θ) at the point where the objective stands. The gradient is
/// recorded once; since H is symmetric, H v = vᵀ ∂g/∂θ is then one backward pass, exact to rounding, without another forward pass.
/// </summary>
public sealed class Curvature : IDisposable
{
    private readonly Objective _objective;
    private readonly Tensor _recorded;
    private readonly long _moves;

    /// <summary>Records the gradient; its memory is held until this is disposed.</summary>
    /// <exception cref="ArithmeticException">The loss or the gradient is not finite.</exception>
    public Curvature(Objective objective)
    {
        using TensorScope scope = new();
        (_objective, _moves) = (objective, objective.Moves);
        Tensor loss = objective.Loss();
        Tensor gradient = Objective.Flatten(Gradient.Of(loss, objective.Parameters, null, createGraph: true));
        (Value, GradientNorm) = (loss.Item(), Vectors.Norm(gradient.Detach()));
        if (!double.IsFinite(Value) || !double.IsFinite(GradientNorm))
            throw new ArithmeticException($"The loss is {Value:R} and the norm of its gradient {GradientNorm:R}; both have to be finite.");
        _recorded = scope.Keep(gradient);
        GradientVector = scope.Keep(gradient.Detach());
    }

    /// <summary>Φ(θ).</summary>
    public double Value { get; }

    /// <summary>‖g‖₂.</summary>
    public double GradientNorm { get; }

    /// <summary>g[n], without a gradient path.</summary>
    public Tensor GradientVector { get; }

    /// <summary>n.</summary>
    public long Dimension => _objective.Dimension;

    /// <summary>Where it is.</summary>
    public Device Device => _objective.Device;

    /// <summary>H v; both [n].</summary>
    /// <exception cref="ArgumentException">v is not a Float64 vector of n elements.</exception>
    /// <exception cref="InvalidOperationException">The objective was moved since.</exception>
    public Tensor HessianVectorProduct(Tensor v)
    {
        _objective.RequireVector(nameof(HessianVectorProduct), v);
        if (_objective.Moves != _moves)
            throw new InvalidOperationException("Curvature: the objective was moved; make a new one at the new point.");
        using TensorScope scope = new();
        return scope.Return(_recorded.RequiresGradient
            ? Objective.Flatten(Gradient.Of(_recorded, _objective.Parameters, v.Reshape([Dimension])))
            : Tensor.Zeros(Device, [Dimension], DType.Float64, "hessian-vector product"));
    }

    /// <summary>The symmetric H[n,n] by n Hessian-vector products, (H + Hᵀ) / 2 of what they give; for small n.</summary>
    /// <exception cref="Interop.DeviceOutOfMemoryException">8 n² bytes do not fit the device.</exception>
    public Tensor Hessian()
    {
        using TensorScope scope = new();
        Tensor matrix = Tensor.Empty(Device, [Dimension, Dimension], DType.Float64, "hessian");
        Tensor basis = Tensor.Zeros(Device, [Dimension], DType.Float64, "basis vector");
        Tensor zero = Tensor.Zeros(Device, [1], DType.Float64), one = Tensor.Full(Device, [1], DType.Float64, 1);
        for (long i = 0; i < Dimension; i++)
        {
            using TensorScope rowScope = new();
            Tensor entry = basis.Slab(i, [1], "entry");
            entry.CopyFrom(one);
            matrix.Slab(i * Dimension, [Dimension], "row").CopyFrom(HessianVectorProduct(basis));
            entry.CopyFrom(zero);
        }

        return scope.Return((matrix + matrix.Transpose()).Scale(0.5));
    }

    /// <summary>Releases the record.</summary>
    public void Dispose()
    {
        _recorded.Dispose();
        GradientVector.Dispose();
    }
}
