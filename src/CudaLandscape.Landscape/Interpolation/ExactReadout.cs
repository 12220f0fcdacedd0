using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.Interpolation;

/// <summary>
/// The random-feature algorithm of Nguyen, Mukkamala and Hein, ICLR'19, section 3: with N skip connections Ψ(U)[N,N] has rank N
/// for almost every U (Lemma 3.2), so Ψ V = Y has a solution for any targets (Theorem 3.3.1), here one-hot labels. Solved in
/// Float64 by LU with row exchanges, which does not notice near singularity: the residual says how good the solution is.
/// </summary>
public sealed class ExactReadout : IDisposable
{
    private const int BatchSize = 250;
    private readonly FrozenNeurons _neurons;

    private ExactReadout(FrozenNeurons neurons, Tensor weights, double residual) =>
        (_neurons, Weights, Residual) = (neurons, weights, residual);

    /// <summary>V[N,C].</summary>
    public Tensor Weights { get; }

    /// <summary>‖Ψ V - Y‖_F / ‖Y‖_F as computed.</summary>
    public double Residual { get; }

    /// <summary>Solves Ψ V = Y for the training samples.</summary>
    /// <exception cref="ArgumentException">There are not as many neurons as samples, or they are not in Float64.</exception>
    /// <exception cref="ArithmeticException">A pivot is exactly zero.</exception>
    /// <exception cref="Interop.DeviceOutOfMemoryException">Ψ and its factors, 16 N² bytes, do not fit the device.</exception>
    public static ExactReadout Fit(FrozenNeurons neurons, DeviceSamples train, CancellationToken cancellation = default)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        using DeviceSamples features = neurons.Compute(train, cancellation);
        Tensor psi = features.Images;
        if (psi.Shape[0] != psi.Shape[1] || psi.DType != DType.Float64)
            throw new ArgumentException(
                $"exact readout: expects as many neurons as samples, in Float64; got {psi.Shape[1]} neurons of {psi.Shape[0]} samples in {psi.DType}.");
        Tensor targets = train.Labels.OneHot(train.ClassCount, DType.Float64);
        Tensor weights = psi.Solve(targets);
        double error = (psi.MatMul(weights) - targets).Norm().Item();
        return new ExactReadout(neurons, scope.Keep(weights), error / targets.Norm().Item());
    }

    /// <summary>Samples whose largest output Ψ V is not their label's.</summary>
    public int Errors(DeviceSamples samples, CancellationToken cancellation = default)
    {
        using NoGradient noGradient = new();
        int errors = 0;
        for (int begin = 0; begin < samples.Count; begin += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            int count = Math.Min(BatchSize, samples.Count - begin);
            Tensor output = _neurons.Of(samples.ImageRange(begin, count)).MatMul(Weights);
            errors += (int)output.ArgMax().CountDifferent(samples.LabelRange(begin, count)).Item();
        }

        return errors;
    }

    /// <summary>Releases V.</summary>
    public void Dispose() => Weights.Dispose();
}
