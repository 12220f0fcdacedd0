using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Optimizers;

/// <summary>
/// The learning rate of every step: rate(t) = initial · factor^k(t) / (1 + decay · t), t = 0, 1, … the steps taken before,
/// k(t) the number of milestones ≤ t, or ⌊t / interval⌋. A plain number stands for a constant rate.
/// </summary>
public sealed record LearningRate
{
    // As struct LearningRate of optimizer.cu, then the milestones.
    private const int StepIndex = 5, RateIndex = 7, Members = 8;
    private static readonly long[] s_none = [];

    private LearningRate()
    {
    }

    /// <summary>Rate of the first step.</summary>
    public double Initial { get; private init; }

    /// <summary>Decay per step of 1 / (1 + decay · t); 0 for none.</summary>
    public double Decay { get; private init; }

    /// <summary>What the rate is multiplied by at every milestone or interval; 1 for none.</summary>
    public double Factor { get; private init; } = 1;

    /// <summary>Steps from one multiplication to the next; 0 when milestones say it.</summary>
    public long Interval { get; private init; }

    /// <summary>The steps from which on the rate is multiplied once more, ascending.</summary>
    public IReadOnlyList<long> Milestones { get; private init; } = s_none;

    /// <summary>The same rate at every step.</summary>
    public static LearningRate Constant(double rate) => new() { Initial = rate };

    /// <summary>Keras' <c>decay</c>: rate / (1 + decay · t).</summary>
    public static LearningRate InverseTime(double rate, double decay) => new() { Initial = rate, Decay = decay };

    /// <summary>rate · factor^⌊t / interval⌋; with interval 1 PyTorch's <c>ExponentialLR</c> stepped after every step.</summary>
    public static LearningRate Exponential(double rate, double factor, long interval = 1) =>
        new() { Initial = rate, Factor = factor, Interval = interval };

    /// <summary>rate · factor^(number of milestones ≤ t): PyTorch's <c>MultiStepLR</c>, in steps.</summary>
    public static LearningRate Steps(double rate, double factor, params long[] milestones) =>
        new() { Initial = rate, Factor = factor, Milestones = milestones };

    /// <summary>
    /// A tenth from 50 % and a hundredth from 75 % of all steps on (Huang et al., CVPR'17, section 4.2; Nguyen, Mukkamala and
    /// Hein, ICLR'19, section 4). Of an odd number the halves are rounded up.
    /// </summary>
    public static LearningRate TenthAtHalfAndThreeQuarters(double rate, long steps) =>
        Steps(rate, 0.1, (steps + 1) / 2, (3 * steps + 3) / 4);

    /// <summary>A constant rate.</summary>
    public static implicit operator LearningRate(double rate) => Constant(rate);

    /// <summary>The rate after <paramref name="steps"/> steps, as the device computes it but for rounding.</summary>
    public double After(long steps)
    {
        long k = Interval > 0 ? steps / Interval : Milestones.Count(milestone => milestone <= steps);
        return Initial * Math.Pow(Factor, k) / (1 + Decay * steps);
    }

    /// <summary>Throws when a setting is outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names optimizer, setting, range and value.</exception>
    internal void Validate(string optimizer)
    {
        OptimizerSettings.Require(Initial > 0 && double.IsFinite(Initial), optimizer, "learning rate", "positive and finite", Initial);
        OptimizerSettings.Require(Decay >= 0 && double.IsFinite(Decay), optimizer, "decay", "0 or more", Decay);
        OptimizerSettings.Require(Factor > 0 && double.IsFinite(Factor), optimizer, "factor of the learning rate", "positive and finite", Factor);
        OptimizerSettings.Require(Interval >= 0, optimizer, "interval of the learning rate", "0 or more steps", Interval);
        for (int i = 0; i < Milestones.Count; i++)
            OptimizerSettings.Require(
                Milestones[i] > (i == 0 ? 0 : Milestones[i - 1]), optimizer, $"milestone {i + 1} of the learning rate",
                "positive and later than the one before", Milestones[i]);
    }

    /// <summary>The schedule and its place in it as one Float64 tensor, before the first step.</summary>
    internal Tensor ToTensor(Device device)
    {
        double[] members = [Initial, Decay, Factor, Interval, Milestones.Count, 0, 1, 0];
        return Tensor.From<double>(
            device, [Members + Milestones.Count], [.. members, .. Milestones.Select(m => (double)m)], "learning rate");
    }

    /// <summary>The steps taken, and the rate of the last one.</summary>
    internal static (long Steps, double Rate) Read(Tensor schedule)
    {
        double[] members = schedule.ToArray<double>();
        return ((long)members[StepIndex], members[RateIndex]);
    }
}
