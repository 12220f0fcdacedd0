using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>An optimizer of all parameters of a <see cref="ParameterSlab"/>. All that a step changes is in device memory.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>
    /// The tensors a step changes besides the parameters, by name; a checkpoint holds them. Those laid out like
    /// <see cref="ParameterSlab.Values"/> hold one number per parameter.
    /// </summary>
    IReadOnlyList<StateTensor> State { get; }

    /// <summary>Applies one step with the given gradients, one per parameter.</summary>
    void Step(IReadOnlyList<Tensor> gradients);
}
