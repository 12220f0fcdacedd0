namespace CudaLandscape.Tensors.Ops;

/// <summary>How a squared loss is normalised.</summary>
public enum LossNormalization
{
    /// <summary>Φ = ½ ‖F - Y‖²_F, the ICML'18 paper's definition.</summary>
    HalfSum,

    /// <summary>(1/N) ‖F - Y‖²_F, a mean over samples.</summary>
    PerSample,

    /// <summary>(1/(N m)) ‖F - Y‖²_F, a mean over all entries, as Keras' <c>mse</c>; what its Table 2 most likely shows.</summary>
    PerEntry,
}

/// <summary>The squared loss.</summary>
public static partial class TensorOps
{
    /// <summary>‖prediction - target‖² in the chosen normalisation; both [N,m], result a scalar.</summary>
    /// <exception cref="ArgumentException">Shapes differ or are empty.</exception>
    public static Tensor SquaredLoss(this Tensor prediction, Tensor target, LossNormalization normalization)
    {
        if (prediction.Shape != target.Shape || prediction.ElementCount == 0)
            throw new ArgumentException($"squared_loss: expects two equal, non-empty shapes, got {prediction} and {target}.");
        using TensorScope scope = new();
        Tensor difference = prediction - target;
        double factor = normalization switch
        {
            LossNormalization.HalfSum => 0.5,
            LossNormalization.PerSample => 1.0 / prediction.Shape[0],
            _ => 1.0 / prediction.ElementCount,
        };
        return scope.Return((difference * difference).Sum().Scale(factor));
    }
}
