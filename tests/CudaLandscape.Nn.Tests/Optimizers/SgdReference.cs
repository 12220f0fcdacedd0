using CudaLandscape.Nn.Optimizers;

namespace CudaLandscape.Nn.Tests.Optimizers;

/// <summary>
/// Gradient descent with momentum as Keras' and PyTorch's pages write it, in plain double loops, each in its own signs.
/// </summary>
internal sealed class SgdReference(double[] values, SgdSettings settings)
{
    private readonly double[] _velocity = new double[values.Length];
    private int _step;

    public double[] Values { get; } = (double[])values.Clone();

    public void Step(double[] gradient)
    {
        double rate = settings.Rate.After(_step++), momentum = settings.Momentum;
        for (int i = 0; i < Values.Length; i++)
        {
            double g = gradient[i] + settings.WeightDecay * Values[i];
            if (settings.Form == MomentumForm.Keras)
            {
                double v = _velocity[i] = momentum * _velocity[i] - rate * g;
                Values[i] += settings.Nesterov ? momentum * v - rate * g : v;
            }
            else
            {
                double b = _velocity[i] = momentum * _velocity[i] + g;
                Values[i] -= rate * (settings.Nesterov ? g + momentum * b : b);
            }
        }
    }
}
