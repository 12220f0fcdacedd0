using System.Text.RegularExpressions;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>The checkpoint of networks that train together (<see cref="Trainer.RunTogether"/>), network by network.</summary>
public static partial class JointCheckpoint
{
    private const string LossSum = "training.loss_sum";

    /// <summary>
    /// The checkpoint that network <paramref name="n"/> of <paramref name="count"/> would have, were it trained alone: its own
    /// tensors under their own names, and those that all networks share.
    /// </summary>
    /// <param name="joint">The checkpoint of all networks.</param>
    /// <param name="n">The network, counted from 0.</param>
    /// <param name="count">Number of networks.</param>
    /// <param name="settings">Settings and network, for a training of its own.</param>
    /// <param name="metricsBytes">Bytes of the file of metrics of its own.</param>
    public static Checkpoint Part(
        Checkpoint joint, int n, int count, IReadOnlyDictionary<string, string> settings, long metricsBytes) =>
        joint with
        {
            Settings = settings,
            Order = joint.Order.Split("; ")[n],
            MetricsBytes = metricsBytes,
            Tensors = [.. joint.Tensors.Select(t => PartOf(t, n, count)).OfType<SafetensorsTensor>()],
        };

    // Null for a tensor of another network.
    private static SafetensorsTensor? PartOf(SafetensorsTensor tensor, int n, int count)
    {
        if (tensor.Name == LossSum)
        {
            int size = tensor.Bytes.Length / count;
            return tensor with { Shape = [1], Bytes = tensor.Bytes[(n * size)..((n + 1) * size)] };
        }

        Match match = Numbered().Match(tensor.Name);
        if (!match.Success) return tensor;
        return match.Groups["network"].Value == $"{n}"
            ? tensor with { Name = match.Groups["optimizer"].Value + match.Groups["parameter"].Value }
            : null;
    }

    // 3.conv1.weight, optimizer.m.3.conv1.weight
    [GeneratedRegex(@"^(?<optimizer>optimizer\.[^.]+\.)?(?<network>\d+)\.(?<parameter>.+)$")]
    private static partial Regex Numbered();
}
