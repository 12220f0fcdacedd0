using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// Mean cross-entropy Φ and errors of outputs. Nguyen, Mukkamala and Hein, ICLR'19, Lemma 2.1: Φ &lt; ln 2 / N leaves no error, since a sample that
/// is misclassified has a probability of at most 1/2 for its label, and so a loss of at least ln 2.
/// </summary>
/// <param name="Loss">Φ.</param>
/// <param name="Errors">Samples whose largest output is not their label's.</param>
/// <param name="Samples">N.</param>
public readonly record struct LossAndErrors(double Loss, int Errors, int Samples)
{
    /// <summary>N Φ / ln 2: below 1 the lemma says that there is no error.</summary>
    public double OverThreshold => Loss * Samples / Math.Log(2);

    /// <summary>Measures outputs [N,m], Float64, of samples with labels [N].</summary>
    public static LossAndErrors Of(Tensor outputs, Tensor labels)
    {
        using TensorScope scope = new();
        return new LossAndErrors(
            outputs.CrossEntropy(labels).Item(), (int)outputs.ArgMax().CountDifferent(labels).Item(), (int)outputs.Shape[0]);
    }
}
