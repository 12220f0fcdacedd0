using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// The way down of Nguyen, Mukkamala and Hein, ICLR'19, Theorem 3.3.2, from any point (U, V) of a network with as many skip connections
/// as samples: with Ψ(U) of rank N there is V* whose outputs are t* for the label and 0 for the others, t* = ln((m - 1) / (e^(ε/2) - 1)),
/// and there the mean cross-entropy is ε/2. On the segment from V to V* it is convex, so it falls until it first is ε/2; that
/// is where the path stops, since it may rise after it. Where Ψ is deficient, U is moved a little first, which may raise the loss a little.
/// </summary>
/// <param name="Target">t*.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Perturbation">Standard deviation of what was added to U; 0 where Ψ had rank N.</param>
/// <param name="Before">The loss where it began, before U was moved.</param>
/// <param name="Positions">Where on the segment the loss was computed: 0 is V, 1 is V*.</param>
/// <param name="Losses">The loss there, computed by the network.</param>
/// <param name="AtTarget">The loss at V*.</param>
public sealed record ValleyPath(
    double Target, double Epsilon, double Perturbation, double Before, double[] Positions, double[] Losses, double AtTarget)
{
    // Of ε/2: what rounding may do to the loss at V*.
    private const double Accuracy = 0.01, FirstPerturbation = 1e-6, LastPerturbation = 0.1;

    /// <summary>The loss at the end.</summary>
    public double End => Losses[^1];

    /// <summary>Largest difference of a loss to the one before it; 0 or less where the loss never rises.</summary>
    public double LargestRise => Losses.Zip(Losses.Skip(1), (a, b) => b - a).DefaultIfEmpty(0).Max();

    /// <summary>Largest excess over the straight line from the first loss to that at V*; above 0 it would not be convex.</summary>
    public double LargestExcess => Positions.Zip(Losses, (s, loss) => loss - (1 - s) * Losses[0] - s * AtTarget).Max();

    /// <summary>Follows it; the network's parameters are left at its end, or as they were when there is none.</summary>
    /// <param name="network">A network with as many skip connections as samples, its neurons uploaded.</param>
    /// <param name="parameters">Its parameters, Float64.</param>
    /// <param name="x">Samples [N,…], Float64.</param>
    /// <param name="labels">Labels [N], Int32.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="perturbations">Random numbers for U.</param>
    /// <param name="points">Losses on the whole segment.</param>
    /// <exception cref="ArgumentException">There are not as many skip connections as samples.</exception>
    /// <exception cref="ArithmeticException">Ψ V = Y cannot be solved near U: Assumption 3.1 does not hold.</exception>
    public static ValleyPath Follow(
        SkipNetwork network, ParameterSlab parameters, Tensor x, Tensor labels, double epsilon, RandomStream perturbations, int points = 100)
    {
        if (network.NeuronCount != x.Shape[0])
            throw new ArgumentException($"valley path: expects as many skip connections as samples, {x.Shape[0]}; got {network.NeuronCount}.");
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor[] all = parameters.Tensors;
        Tensor[] u = all[..^1], origin = [.. u.Select(p => p.Scale(1))];
        double before = Loss(network, x, labels), t = Math.Log((network.Output.Shape.ElementCount - 1) / (Math.Exp(epsilon / 2) - 1));
        for (double radius = 0; radius <= LastPerturbation; radius = radius == 0 ? FirstPerturbation : 10 * radius)
        {
            Perturb(u, origin, radius, perturbations);
            Tensor from = all[^1].Scale(1);
            if (Solve(network, from, x, labels, t) is not { } to) continue;
            ValleyPath path = Along(all[^1], from, to, () => Loss(network, x, labels), epsilon, points);
            if (Math.Abs(path.AtTarget - epsilon / 2) <= Accuracy * epsilon / 2)
                return path with { Target = t, Perturbation = radius, Before = before };
            all[^1].CopyFrom(from);
        }

        Perturb(u, origin, 0, perturbations);
        throw new ArithmeticException("valley path: Ψ V = Y cannot be solved at this U nor near it; check Assumption 3.1.");
    }

    /// <summary>The losses on the segment between two V, until the loss is first ε/2 or the end is reached; V is left there.</summary>
    public static ValleyPath Along(Tensor v, Tensor from, Tensor to, Func<double> loss, double epsilon, int points)
    {
        double[] positions = [.. Enumerable.Range(0, points + 1).Select(k => (double)k / points)];
        double atTarget = At(v, from, to, 1, loss);
        List<double> losses = [];
        foreach (double s in positions)
        {
            losses.Add(At(v, from, to, s, loss));
            if (losses[^1] <= epsilon / 2) break;
        }

        return new ValleyPath(double.NaN, epsilon, 0, losses[0], positions[..losses.Count], [.. losses], atTarget);
    }

    private static double At(Tensor v, Tensor from, Tensor to, double s, Func<double> loss)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        v.CopyFrom(from.Scale(1 - s) + to.Scale(s));
        double value = loss();
        return double.IsFinite(value) ? value : throw new ArithmeticException($"valley path: the loss at position {s:R} is {value}.");
    }

    private static double Loss(SkipNetwork network, Tensor x, Tensor labels)
    {
        using TensorScope scope = new();
        return network.Forward(x).CrossEntropy(labels).Item();
    }

    // With a radius of 0 U is what it was.
    private static void Perturb(Tensor[] u, Tensor[] origin, double radius, RandomStream stream)
    {
        for (int i = 0; i < u.Length; i++)
        {
            using TensorScope scope = new();
            RandomStream own = stream with { Stream = stream.Stream + (ulong)i };
            u[i].CopyFrom(radius == 0 ? origin[i] : origin[i] + RandomTensor.Normal(u[i].Device, u[i].Shape, DType.Float64, own, 0, radius));
        }
    }

    // The network's own last layer stays: Ψ V*ᵀ = t* Y - (outputs - Ψ Vᵀ). Null where a pivot is zero.
    private static Tensor? Solve(SkipNetwork network, Tensor v, Tensor x, Tensor labels, double t)
    {
        Tensor psi = network.Neurons(x);
        Tensor own = network.Forward(x) - psi.MatMul(v, transposeB: true);
        Tensor targets = labels.OneHot((int)own.Shape[1], DType.Float64).Scale(t) - own;
        try
        {
            return psi.Solve(targets).Transpose();
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }
}
