namespace CudaLandscape.Tensors.Ops;

/// <summary>The cross-entropy loss.</summary>
public static partial class TensorOps
{
    /// <summary>
    /// -(1/N) Σ_i ln softmax(logits_i)[labels_i], the mean over samples (ICLR'19, eq. (2)); logits[N,C], labels Int32 [N] in
    /// [0, C), result a scalar. A label outside makes it NaN. Finite for logits of any finite size whose differences are finite.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match, or there is no sample.</exception>
    public static Tensor CrossEntropy(this Tensor logits, Tensor labels)
    {
        OpChecks.RequireFloat("cross_entropy", logits);
        OpChecks.RequireType("cross_entropy", labels, DType.Int32);
        OpChecks.RequireRank("cross_entropy", logits, 2, "[N,C]");
        if (labels.Shape.Rank != 1 || labels.Shape[0] != logits.Shape[0] || logits.ElementCount == 0)
            throw new ArgumentException(
                $"cross_entropy: expects logits [N,C] and labels [N] of at least one sample, got {logits} and {labels}.");
        using TensorScope scope = new();
        return scope.Return(logits.LogSoftmax().PickColumn(labels).Sum().Scale(-1.0 / logits.Shape[0]));
    }
}
