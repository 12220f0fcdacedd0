using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy;

/// <summary>Options the commands share.</summary>
internal static class StudyOptions
{
    public static Option<string?> Device { get; } = new("--device") { Description = "cuda:0, soft:0 (fast) or soft:1 (check); else what CUDALANDSCAPE_DEVICE or the machine says." };

    public static Option<string> Types { get; } = Choice("--types", "Float types of the inputs.", "both", "f32", "f64");

    public static Option<double> Noise { get; } = NumberOption.WithDefault(
        "--noise", "A measurement ends when standard deviation / mean is below this, in per cent.", NumberRange.Positive, 0.5);

    public static Option<double> Seconds { get; } = NumberOption.WithDefault(
        "--seconds", "At most so many seconds for one measurement; it is marked as noisy when they end it.", NumberRange.Positive, 3);

    /// <summary>The device that was asked for.</summary>
    public static Device Open(ParseResult parsed) => Tensors.Device.Open(parsed.GetValue(Device) is { } name ? DeviceId.Parse(name) : DeviceId.Default);

    /// <summary>The float types that were asked for.</summary>
    public static IReadOnlyList<DType> TypesOf(ParseResult parsed) => parsed.GetValue(Types) switch
    {
        "f32" => [DType.Float32],
        "f64" => [DType.Float64],
        _ => [DType.Float32, DType.Float64],
    };

    /// <summary>When a measurement ends.</summary>
    public static TimerSettings TimerOf(ParseResult parsed) =>
        new() { Noise = parsed.GetRequiredValue(Noise) / 100, MostSeconds = parsed.GetRequiredValue(Seconds) };

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
