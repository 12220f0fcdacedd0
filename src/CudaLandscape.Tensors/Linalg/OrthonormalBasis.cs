using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// A growing set of orthonormal vectors of length k on the device, by repeated classical Gram-Schmidt. A vector that lies in
/// the span already is replaced by a random one, so that a Krylov iteration goes on after a breakdown.
/// </summary>
internal sealed class OrthonormalBasis(Device device, long length, long capacity, RandomStream stream)
{
    private const int MaxPasses = 4;
    private readonly Tensor _vectors = Tensor.Empty(device, [capacity, length], DType.Float64, "basis");
    private readonly Tensor _coefficients = Tensor.Empty(device, [capacity], DType.Float64, "coefficients");
    private ulong _replacements;

    public long Count { get; private set; }

    /// <summary>Vectors that can be added.</summary>
    public long Room => capacity - Count;

    /// <summary>Vectors first … first + count - 1 as rows of a view.</summary>
    public Tensor Rows(long first, long count) => _vectors.Slab(first * length, [count, length], "vectors");

    /// <summary>
    /// Adds a vector's direction. The result are the vector's coefficients in the basis, the new direction's last; that one is 0
    /// when the vector had to be replaced.
    /// </summary>
    /// <exception cref="ArithmeticException">The vector is not finite.</exception>
    public double[] Append(Tensor vector)
    {
        Tensor target = Rows(Count, 1);
        target.CopyFrom(vector);
        double[] coefficients = new double[Count + 1];
        double original = Norm(target);
        if (!double.IsFinite(original)) throw new ArithmeticException("Gram-Schmidt met a vector that is not finite.");
        double norm = Orthogonalize(target, original, coefficients);
        if (norm > 1e-14 * original && norm > 0) coefficients[Count] = norm;
        else ReplaceByRandom(target);
        Count++;
        return coefficients;
    }

    /// <summary>Takes from every row of a block what lies in the span.</summary>
    public void Project(Tensor block)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            using TensorScope scope = new();
            block.CopyFrom(block - block.MatMul(Rows(0, Count), transposeB: true).MatMul(Rows(0, Count)));
        }
    }

    /// <summary>Replaces the vectors by fewer combinations of them, whose coefficients are the orthonormal rows of a matrix.</summary>
    public void Replace(Tensor combinations)
    {
        using TensorScope scope = new();
        Tensor combined = combinations.MatMul(Rows(0, Count));
        Count = combinations.Shape[0];
        Rows(0, Count).CopyFrom(combined);
    }

    // After the last pass the vector is normalised and orthogonal to working precision, or its norm is rounding only.
    private double Orthogonalize(Tensor target, double norm, double[]? coefficients)
    {
        double scale = 1;
        for (int pass = 0; pass < MaxPasses && norm > 0; pass++)
        {
            double before = norm;
            Subtract(target, coefficients, scale);
            norm = Norm(target);
            if (norm == 0) return 0;
            device.Blas.Scal(length, 1 / norm, target.Address, 1, ScalarType.Float64);
            scale *= norm;
            if (pass > 0 && norm > 0.5 * before) return scale;
            norm = 1;
        }

        return scale;
    }

    // target -= Q (Qᵀ target); the coefficients are of the vector before it was scaled down by 1 / scale.
    private void Subtract(Tensor target, double[]? coefficients, double scale)
    {
        if (Count == 0) return;
        device.Blas.Gemv(
            Transpose.Transposed, length, Count, 1, _vectors.Address, length, target.Address, 1, 0, _coefficients.Address, 1,
            ScalarType.Float64);
        device.Blas.Gemv(
            Transpose.None, length, Count, -1, _vectors.Address, length, _coefficients.Address, 1, 1, target.Address, 1,
            ScalarType.Float64);
        if (coefficients is null) return;
        using TensorScope scope = new();
        double[] part = _coefficients.Slab(0, [Count], "coefficients").ToArray<double>();
        for (int i = 0; i < part.Length; i++) coefficients[i] += part[i] * scale;
    }

    private void ReplaceByRandom(Tensor target)
    {
        using TensorScope scope = new();
        RandomStream draws = stream with { Offset = stream.Offset + _replacements++ * (ulong)length };
        target.CopyFrom(RandomTensor.Normal(device, [1, length], DType.Float64, draws));
        Orthogonalize(target, Norm(target), null);
    }

    private double Norm(Tensor vector) => device.Blas.Nrm2(length, vector.Address, 1, ScalarType.Float64);
}
