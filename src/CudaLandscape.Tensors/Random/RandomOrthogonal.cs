using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Random;

/// <summary>Random matrices with orthonormal rows or columns.</summary>
public static class RandomOrthogonal
{
    /// <summary>
    /// W[rows,columns] with W Wᵀ = I when it is wide or square, WᵀW = I when it is tall: Gram-Schmidt in float64 on the shorter
    /// side of a matrix of standard normal draws, rounded to the type. That is the Q of a QR factorisation whose R has a
    /// positive diagonal, so the sign is fixed and W is uniformly distributed (Mezzadri, Notices of the AMS 54, 2007).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    /// <exception cref="ArgumentException">The type is no float type.</exception>
    public static Tensor Draw(Device device, long rows, long columns, DType type, RandomStream stream)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (!type.IsFloat()) throw new ArgumentException($"random orthogonal: matrices are Float32 or Float64, not {type}.");
        using TensorScope scope = new();
        (long count, long length) = (Math.Min(rows, columns), Math.Max(rows, columns));
        Tensor normal = RandomTensor.Normal(device, [count, length], DType.Float64, stream);
        OrthonormalBasis basis = new(device, length, count, stream.Skip((ulong)(count * length)));
        for (long i = 0; i < count; i++) basis.Append(normal.Slab(i * length, [1, length], "row"));
        Tensor result = basis.Rows(0, count);
        return scope.Return((rows > columns ? result.Transpose() : result).Cast(type));
    }
}
