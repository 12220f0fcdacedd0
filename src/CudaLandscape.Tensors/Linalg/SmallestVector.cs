using CudaLandscape.Interop;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// A unit vector v with ‖R v‖ near the smallest singular value of R: a witness that σ_min is no larger, which can be checked by
/// a product with the matrix alone.
/// </summary>
/// <param name="Vector">v.</param>
/// <param name="Norm">‖R v‖, an upper bound of R's σ_min.</param>
/// <param name="Residual">‖RᵀR v - ‖R v‖² v‖ / ‖R v‖: R has a singular value within this of ‖R v‖.</param>
internal sealed record SmallestVector(double[] Vector, double Norm, double Residual)
{
    /// <summary>Measures a direction.</summary>
    public static SmallestVector Of(Tensor r, double[] direction)
    {
        using TensorScope scope = new();
        TriangularOperator forward = new(r, inverse: false);
        double[] v = Vectors.Unit(direction);
        Tensor image = forward.Apply(Tensor.From<double>(r.Device, [1, v.Length], v, "v"));
        double norm = Vectors.Norm(image.ToArray<double>());
        if (norm == 0) return new SmallestVector(v, 0, 0);
        double[] back = forward.ApplyTransposed(image).ToArray<double>();
        return new SmallestVector(v, norm, Vectors.Norm(Vectors.Combine(back, -norm * norm, v)) / norm);
    }

    /// <summary>
    /// The same for any R of a matrix with entries of magnitude 1: a few inverse steps, or, where a diagonal entry is zero but for
    /// rounding, the vector that R's columns before it make of it. Null when R⁻¹ overflows.
    /// </summary>
    public static SmallestVector? Find(Tensor r, double[] diagonal, long vectors, RandomStream stream)
    {
        int zero = Array.FindIndex(diagonal, d => Math.Abs(d) < 1e-3 * RankAllowance.Epsilon);
        try
        {
            return Of(r, zero >= 0 ? Null(r, zero) : BlockGolubKahan.Largest(new TriangularOperator(r, inverse: true), vectors, 1e-6, stream, 15).Left);
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }

    // (-R₁₁⁻¹ r, 1, 0): R maps it to r_jj e_j.
    private static double[] Null(Tensor r, int column)
    {
        using TensorScope scope = new();
        double[] v = new double[r.Shape[0]];
        v[column] = 1;
        if (column == 0) return v;
        Tensor x = Tensor.Empty(r.Device, [column], DType.Float64, "null vector");
        x.CopyFrom(r.Slab(column * r.Shape[1], [column], "column"));
        r.Device.Blas.Trsm(
            Side.Left, Fill.Upper, Transpose.None, Diagonal.NonUnit, column, 1, -1, r.Address, r.Shape[1], x.Address, column, ScalarType.Float64);
        x.ToArray<double>().CopyTo(v, 0);
        return v;
    }
}
