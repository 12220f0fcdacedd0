using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.SpinGlass;

/// <summary>
/// The spherical p-spin glass H(σ) = N^{-(p-1)/2} Σ J_{i₁…i_p} σ_{i₁} … σ_{i_p} on the sphere ‖σ‖² = N, with independent standard
/// normal J (Choromanska et al., AISTATS'15, eq. 6 of Zhang's note). J has N^p elements in device memory.
/// </summary>
public sealed class SphericalSpinGlass : IDisposable
{
    private readonly Tensor _couplings;

    /// <summary>Draws the couplings.</summary>
    /// <param name="device">Where they are.</param>
    /// <param name="spins">N, 2 or more.</param>
    /// <param name="order">p, 2 or more.</param>
    /// <param name="stream">Where they come from.</param>
    /// <exception cref="ArgumentOutOfRangeException">N or p is below 2.</exception>
    /// <exception cref="Interop.DeviceOutOfMemoryException">8 N^p bytes do not fit.</exception>
    public SphericalSpinGlass(Device device, int spins, int order, RandomStream stream)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spins, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 2);
        (Spins, Order) = (spins, order);
        long rows = 1;
        for (int i = 1; i < order; i++) rows = checked(rows * spins);
        using TensorScope scope = new();
        _couplings = scope.Keep(RandomTensor.Normal(device, [rows, spins], DType.Float64, stream));
    }

    /// <summary>N.</summary>
    public int Spins { get; }

    /// <summary>p.</summary>
    public int Order { get; }

    /// <summary>-E_∞ = -2 √((p-1)/p), the energy per spin below which low indices dominate (Auffinger, Ben Arous and Černý, 2013).</summary>
    public double Threshold => -2 * Math.Sqrt((Order - 1.0) / Order);

    /// <summary>H(σ) / N for σ[N]; the formula as it stands, wherever σ is.</summary>
    public Tensor EnergyPerSpin(Tensor spins)
    {
        using TensorScope scope = new();
        Tensor column = spins.Reshape([Spins, 1]), rest = _couplings.MatMul(column);
        for (int i = 1; i < Order; i++) rest = rest.Reshape([rest.ElementCount / Spins, Spins]).MatMul(column);
        return scope.Return(rest.Reshape(Shape.Scalar).Scale(Math.Pow(Spins, -(Order - 1) / 2.0) / Spins));
    }

    /// <summary>
    /// The energy per spin as a function of x[N], through σ = √N x / ‖x‖, plus ½ (‖x‖² / N - 1)². Its critical points are those on
    /// the sphere, where it is H / N, and its Hessian there is the sphere's on the tangent space and positive along the radius, so
    /// the index is that of H on the sphere. Without the second term the gradient would also fall by going outwards.
    /// </summary>
    /// <param name="x">A Float64 leaf that requires a gradient.</param>
    /// <exception cref="ArgumentException">x is not one, or has another number of elements.</exception>
    public Objective Objective(Tensor x)
    {
        if (x.ElementCount != Spins) throw new ArgumentException($"SphericalSpinGlass: expects {Spins} spins, got {x}.");
        return new Objective([x], () =>
        {
            Tensor onSphere = x / x.Norm() * Tensor.Full(x.Device, Shape.Scalar, DType.Float64, Math.Sqrt(Spins));
            return EnergyPerSpin(onSphere) + x.Square().Sum().Scale(1.0 / Spins, -1).Square().Scale(0.5);
        });
    }

    /// <summary>A uniform point of the sphere ‖σ‖² = N, as a leaf.</summary>
    public Tensor RandomPoint(RandomStream stream)
    {
        using TensorScope scope = new();
        Tensor draw = RandomTensor.Normal(_couplings.Device, [Spins], DType.Float64, stream);
        double norm = Math.Sqrt((draw * draw).Sum().Item());
        return scope.Return(draw.Scale(Math.Sqrt(Spins) / norm)).RequireGradient();
    }

    /// <summary>
    /// The share of negative eigenvalues of a typical critical point with energy e per spin, as N → ∞: the Hessian is a Gaussian
    /// symmetric matrix with a semicircle of radius R = 2 √(p(p-1)) about -p e, of which the part below 0 counts. 0 up to -E_∞.
    /// </summary>
    public double ExpectedIndexShare(double energy)
    {
        double edge = Order * energy / (2 * Math.Sqrt(Order * (Order - 1.0)));
        if (edge <= -1) return 0;
        if (edge >= 1) return 1;
        return 0.5 + (edge * Math.Sqrt(1 - edge * edge) + Math.Asin(edge)) / Math.PI;
    }

    /// <summary>Releases the couplings.</summary>
    public void Dispose() => _couplings.Dispose();
}
