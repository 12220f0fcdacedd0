using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>The features F1 or F3 of a network in one precision, for a batch at a time.</summary>
/// <param name="parameters">The network's parameters in that precision; released with this.</param>
/// <param name="width">Neurons of the layer.</param>
/// <param name="of">Rows of the feature matrix for images [B,1,28,28].</param>
internal sealed class Table2Features(ParameterSlab parameters, long width, Func<Tensor, Tensor> of) : IDisposable
{
    public long Width => width;

    public Func<Tensor, Tensor> Of => of;

    public void Dispose() => parameters.Dispose();
}
