using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Surfaces;

/// <summary>
/// A linear classifier of 4 inputs and 3 classes with the squared loss, whose loss is a quadratic of its parameters:
/// (1/(3N)) Σ (W xᵢ + b - yᵢ)², here as loops over what is read back.
/// </summary>
internal sealed class QuadraticModel : IDisposable
{
    private const int Inputs = 4, Classes = 3, Count = 30;
    private readonly double[] _x, _y;

    public QuadraticModel(DType type)
    {
        Model = new Sequential([Inputs], ("fc", new Linear(Inputs, Classes)));
        Parameters = ParameterSlab.Initialize(Model, TestDevices.Primary, type, new Initializer(InitializerKind.Normal, 1), 1);
        using TensorScope scope = new();
        Tensor x = RandomTensor.Normal(TestDevices.Primary, [Count, Inputs], DType.Float32, new RandomStream(1, 5));
        int[] labels = [.. Enumerable.Range(0, Count).Select(i => i * i % Classes)];
        Samples = DeviceSamples.Of(x.Cast(type), Tensor.From<int>(TestDevices.Primary, [Count], labels), Classes);
        _x = [.. x.ToArray<float>().Select(v => (double)v)];
        _y = [.. labels.SelectMany(l => Enumerable.Range(0, Classes).Select(c => c == l ? 1.0 : 0))];
    }

    public Sequential Model { get; }

    public ParameterSlab Parameters { get; }

    public DeviceSamples Samples { get; }

    public ModelLoss Loss => new(Model, Parameters, Samples, Nn.Training.Objective.SquaredLoss);

    /// <summary>The loss as an objective of Float64 parameters.</summary>
    public CudaLandscape.Landscape.CriticalPoints.Objective Objective => CudaLandscape.Landscape.CriticalPoints.Objective.Of(Parameters, () =>
        Model.Forward(Samples.Images).SquaredLoss(Samples.Labels.OneHot(Classes, DType.Float64), LossNormalization.PerEntry));

    /// <summary>The loss at parameters laid out like the slab.</summary>
    public double LossOf(double[] flat)
    {
        double[] w = flat[..(Inputs * Classes)], b = flat[64..(64 + Classes)];
        double sum = 0;
        for (int i = 0; i < Count; i++)
        {
            for (int c = 0; c < Classes; c++)
            {
                double output = b[c];
                for (int k = 0; k < Inputs; k++) output += w[c * Inputs + k] * _x[i * Inputs + k];
                sum += (output - _y[i * Classes + c]) * (output - _y[i * Classes + c]);
            }
        }

        return sum / (Count * Classes);
    }

    public void Dispose()
    {
        Samples.Dispose();
        Parameters.Dispose();
    }
}
