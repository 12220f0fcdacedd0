using CudaLandscape.Nn.Optimizers;

namespace CudaLandscape.Nn.Tests.Optimizers;

/// <summary>Adam by the formulas of algorithm 1 (Kingma and Ba), in plain double loops.</summary>
internal sealed class AdamReference(double[] values, AdamSettings settings)
{
    private readonly double[] _first = new double[values.Length], _second = new double[values.Length];
    private int _step;

    public double[] Values { get; } = (double[])values.Clone();

    public void Step(double[] gradient)
    {
        double rate = settings.Rate.After(_step);
        _step++;
        for (int i = 0; i < Values.Length; i++)
        {
            _first[i] = settings.Beta1 * _first[i] + (1 - settings.Beta1) * gradient[i];
            _second[i] = settings.Beta2 * _second[i] + (1 - settings.Beta2) * gradient[i] * gradient[i];
            double mean = _first[i] / (1 - Math.Pow(settings.Beta1, _step));
            double square = _second[i] / (1 - Math.Pow(settings.Beta2, _step));
            Values[i] -= rate * mean / (Math.Sqrt(square) + settings.Epsilon);
        }
    }
}
