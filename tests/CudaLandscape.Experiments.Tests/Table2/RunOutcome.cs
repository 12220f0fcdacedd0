using System.Security.Cryptography;
using CudaLandscape.Nn.Checkpoints;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>What a run ended with: weights and optimizer state by their hashes, losses and metrics, but for the times.</summary>
internal static class RunOutcome
{
    public static string Of(ScratchFolder folder)
    {
        List<string> parts = [];
        foreach (string row in Directory.GetDirectories(Path.Combine(folder.Run, "rows")).Order(StringComparer.Ordinal))
        {
            SafetensorsFile file = SafetensorsReader.Read(Path.Combine(row, "last.safetensors"));
            parts.AddRange(file.Tensors.Select(t => $"{t} {Convert.ToHexString(SHA256.HashData(t.Bytes))}"));
            parts.AddRange(File.ReadAllLines(Path.Combine(row, "epochs.csv")).Select(line => line[..line.LastIndexOf(',')]));
        }

        MetricsCsv metrics = folder.Metrics();
        parts.AddRange(
            from r in Enumerable.Range(0, metrics.Rows.Length)
            from c in metrics.Columns
            where !c.EndsWith("_seconds")
            select $"{c} {metrics[r, c]}");
        return string.Join('\n', parts);
    }
}
