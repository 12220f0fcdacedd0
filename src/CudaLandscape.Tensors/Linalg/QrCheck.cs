using CudaLandscape.Interop;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// An alarm for a wrong factorisation: RᵀR w against AᵀA w for a Gaussian w, the latter taken before QR overwrites A. Rounding
/// alone gives ‖RᵀR w - AᵀA w‖ of a few ε σ_max² ‖w‖. It proves nothing of small errors; a wrong R does not pass it.
/// </summary>
internal sealed class QrCheck
{
    /// <summary>Deviations above this many ε σ_max² ‖w‖ are a defect.</summary>
    public const double Limit = 100;

    private readonly double[] _w, _expected;

    private QrCheck(double[] w, double[] expected) => (_w, _expected) = (w, expected);

    /// <summary>Multiplies with a tall A, whose columns are the rows of <paramref name="a"/>[k,m].</summary>
    /// <param name="a">The columns of A.</param>
    /// <param name="stream">Of w.</param>
    /// <param name="mostElements">Of A in one call, see <see cref="ColumnSlabs"/>.</param>
    public static QrCheck Before(Tensor a, RandomStream stream, long mostElements = ColumnSlabs.MostElements)
    {
        (Device device, long k, long m) = (a.Device, a.Shape[0], a.Shape[1]);
        using TensorScope scope = new();
        Tensor w = RandomTensor.Normal(device, [k], DType.Float64, stream);
        Tensor image = Tensor.Empty(device, [m], DType.Float64, "A w"), back = Tensor.Empty(device, [k], DType.Float64, "AᵀA w");
        (ColumnBlock whole, ColumnBlock from, ColumnBlock to) = (new(a.Address, m), new(w.Address, k), new(back.Address, k));
        foreach ((long first, long count) in ColumnSlabs.Of(k, m, mostElements))
        {
            device.Blas.Gemv(
                Transpose.None, m, count, 1, whole.At(0, first).Address, m, from.Down(first).Address, 1, first == 0 ? 0 : 1, image.Address, 1, ScalarType.Float64);
        }

        foreach ((long first, long count) in ColumnSlabs.Of(k, m, mostElements))
        {
            device.Blas.Gemv(
                Transpose.Transposed, m, count, 1, whole.At(0, first).Address, m, image.Address, 1, 0, to.Down(first).Address, 1, ScalarType.Float64);
        }

        return new QrCheck(w.ToArray<double>(), back.ToArray<double>());
    }

    /// <summary>‖RᵀR w - AᵀA w‖ / (ε ‖w‖); to be divided by σ_max².</summary>
    public double Deviation(Tensor r)
    {
        using TensorScope scope = new();
        TriangularOperator forward = new(r, inverse: false);
        Tensor w = Tensor.From<double>(r.Device, [1, r.Shape[0]], _w, "w");
        double[] found = forward.ApplyTransposed(forward.Apply(w)).ToArray<double>();
        return Vectors.Norm(Vectors.Combine(found, -1, _expected)) / (RankAllowance.Epsilon * Vectors.Norm(_w));
    }

    /// <summary>The deviation in units of ε σ_max² ‖w‖.</summary>
    /// <exception cref="ArithmeticException">It is no rounding.</exception>
    public static double Require(double deviation, double sigmaMax)
    {
        double relative = deviation / (sigmaMax * sigmaMax);
        return relative <= Limit
            ? relative
            : throw new ArithmeticException(
                $"rank: the QR factorisation is wrong: ‖RᵀRw - AᵀAw‖ is {relative:E1} ε σ_max² ‖w‖, expected less than {Limit}. "
                + "Report it with `doctor`'s output; other libraries may do better.");
    }
}
