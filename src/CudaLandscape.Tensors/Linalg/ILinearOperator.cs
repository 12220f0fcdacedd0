namespace CudaLandscape.Tensors.Linalg;

/// <summary>A square matrix known by its products. A block of vectors is a tensor [count, Size], one vector per row.</summary>
internal interface ILinearOperator
{
    Device Device { get; }

    /// <summary>Rows and columns.</summary>
    long Size { get; }

    /// <summary>A x for every row x.</summary>
    Tensor Apply(Tensor block);

    /// <summary>Aᵀ x for every row x.</summary>
    Tensor ApplyTransposed(Tensor block);
}
