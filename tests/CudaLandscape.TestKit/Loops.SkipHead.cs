using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>References of the head of a skip network, sample by sample, output by output, neuron by neuron.</summary>
public static partial class Loops
{
    /// <summary>before[b,c] + Σ_k x[b, positions[k]] v[c, first + k].</summary>
    public static HostArray SkipReadout(HostArray x, HostArray v, HostArray positions, long first, HostArray? before)
    {
        HostArray y = HostArray.Zeros([x.Shape[0], v.Shape[0]]);
        ForEach(x.Shape, v.Shape, positions, first, (b, c, at, column) => y[b, c] += x.Values[at] * v[c, column]);
        return before is null ? y : y with { Values = [.. y.Values.Zip(before.Values, (a, b) => a + b)] };
    }

    /// <summary>dx[b, positions[k]] = Σ_c dy[b,c] v[c, first + k], else 0.</summary>
    public static HostArray SkipReadoutInputGradient(HostArray dy, HostArray v, HostArray positions, Shape x, long first)
    {
        HostArray dx = HostArray.Zeros(x);
        ForEach(x, v.Shape, positions, first, (b, c, at, column) => dx.Values[at] += dy[b, c] * v[c, column]);
        return dx;
    }

    /// <summary>dv[c, first + k] = Σ_b dy[b,c] x[b, positions[k]], else 0.</summary>
    public static HostArray SkipReadoutWeightGradient(HostArray dy, HostArray x, HostArray positions, Shape v, long first)
    {
        HostArray dv = HostArray.Zeros(v);
        ForEach(x.Shape, v, positions, first, (b, c, at, column) => dv[c, column] += dy[b, c] * x.Values[at]);
        return dv;
    }

    private static void ForEach(Shape x, Shape v, HostArray positions, long first, Action<long, long, long, long> visit)
    {
        for (long b = 0; b < x[0]; b++)
        {
            for (long c = 0; c < v[0]; c++)
            {
                for (int k = 0; k < positions.Values.Length; k++)
                    visit(b, c, b * (x.ElementCount / x[0]) + (long)positions.Values[k], first + k);
            }
        }
    }
}
