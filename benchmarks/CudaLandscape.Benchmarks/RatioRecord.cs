using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CudaLandscape.Interop;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Puts a measured ratio into a file of ratios, <c>benchmarks/results/*_ratios.json</c>, in place of an older one of that case, in the
/// form of <c>baselines/paired.py</c>: README's table is made of such files.
/// </summary>
internal static class RatioRecord
{
    private static readonly JsonSerializerOptions s_form =
        new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds a measurement in seconds.</summary>
    /// <exception cref="ArgumentException">The file is of another day or machine.</exception>
    public static void Add(string path, string device, int ratio, string what, double ours, double theirs, string peer)
    {
        string today = DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        JsonObject content = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject()
            : new JsonObject { ["date"] = today, ["device"] = device, ["rows"] = new JsonArray() };
        if (((string?)content["date"], (string?)content["device"]) != (today, device))
            throw new ArgumentException($"{path} is of {content["date"]} on {content["device"]}, this is {today} on {device}; give another file.");
        JsonObject row = new()
        {
            ["ratio"] = ratio, ["case"] = what, ["ours"] = Math.Round(ours, 4), ["theirs"] = Math.Round(theirs, 4), ["unit"] = "s", ["peer"] = peer,
            ["commit"] = Commit(), ["load"] = Load(),
        };
        IEnumerable<JsonNode> rows = content["rows"]!.AsArray().Select(r => r!.DeepClone()).Where(r => (int)r["ratio"]! != ratio || (string?)r["case"] != what)
            .Append(row).OrderBy(r => (int)r["ratio"]!).ThenBy(r => (string?)r["case"], StringComparer.Ordinal);
        content["rows"] = new JsonArray([.. rows]);
        File.WriteAllText(path, content.ToJsonString(s_form) + "\n");
    }

    /// <summary>Name of the machine and device.</summary>
    public static string DeviceName()
    {
        if (DeviceId.Default.Kind != DeviceKind.Soft) return DeviceId.Default.ToString();
        string? line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return $"{Environment.ProcessorCount} cores of {line?.Split(':')[1].Trim() ?? "unknown processor"}, softcuda";
    }

    private static double Load() => Math.Round(double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture), 1);

    private static string Commit([CallerFilePath] string source = "")
    {
        try
        {
            ProcessStartInfo start = new("git", ["-C", Path.GetDirectoryName(source)!, "describe", "--always", "--dirty"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process git = Process.Start(start)!;
            string said = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return said.Length > 0 ? said : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
