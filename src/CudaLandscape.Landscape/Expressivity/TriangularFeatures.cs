using CudaLandscape.Landscape.Layers;

namespace CudaLandscape.Landscape.Expressivity;

/// <summary>
/// Weights of a wide convolutional layer that make its features triangular and so of full rank, after the proof of ICML'18,
/// Theorem 3.4. All T filters are one vector a times a steepness s. Neuron by neuron, of the samples that are left the one with the
/// largest ⟨a, x^p⟩ on the neuron's patch is taken, and the neuron's own bias puts the threshold between it and the next: for
/// a steep σ with σ(-∞) = 0 the neuron is then on for that sample and off for all that are left.
/// </summary>
/// <param name="Steepness">s, so that every threshold is at least <c>margin</c> away from the two samples beside it.</param>
/// <param name="Biases">One bias per neuron for the first N neurons, in the layer's order.</param>
/// <param name="Order">The sample each of these neurons is on for and later ones are off for.</param>
public sealed record TriangularFeatures(double Steepness, double[] Biases, int[] Order)
{
    /// <summary>Chooses them.</summary>
    /// <param name="samples">x[N][n_0]; no two samples may have the same product with a at a patch.</param>
    /// <param name="layer">Patches, P of them.</param>
    /// <param name="filters">T, with P T ≥ N.</param>
    /// <param name="filter">a, of the patches' length.</param>
    /// <param name="margin">How far the inputs of σ are kept from 0.</param>
    /// <exception cref="ArgumentException">The layer is too narrow, or two samples agree on a patch (Assumption 3.1).</exception>
    public static TriangularFeatures Construct(double[][] samples, PatchLayer layer, int filters, double[] filter, double margin = 40)
    {
        int n = samples.Length, width = layer.Patches.Length * filters;
        if (width < n) throw new ArgumentException($"triangular features: {width} neurons are fewer than {n} samples; give more filters.");
        HashSet<int> left = [.. Enumerable.Range(0, n)];
        (double[] thresholds, int[] order) = (new double[n], new int[n]);
        double gap = double.PositiveInfinity;
        for (int h = 0; h < n; h++)
        {
            int[] patch = layer.Patches[h / filters];
            (double Product, int Sample)[] sorted = [.. left.Select(i => (Product(samples[i], patch, filter), i)).OrderDescending()];
            (double first, double second) = (sorted[0].Product, sorted.Length > 1 ? sorted[1].Product : sorted[0].Product - 1);
            if (!(first > second))
                throw new ArgumentException($"triangular features: samples {sorted[0].Sample} and {sorted[1].Sample} agree on patch {h / filters} (Assumption 3.1).");
            (thresholds[h], order[h], gap) = ((first + second) / 2, sorted[0].Sample, Math.Min(gap, first - second));
            left.Remove(order[h]);
        }

        double steepness = 2 * margin / gap;
        return new TriangularFeatures(steepness, [.. thresholds.Select(t => -steepness * t)], order);
    }

    /// <summary>⟨a, x^p⟩.</summary>
    public static double Product(double[] sample, int[] patch, double[] filter)
    {
        double sum = 0;
        for (int i = 0; i < patch.Length; i++) sum += filter[i] * sample[patch[i]];
        return sum;
    }
}
