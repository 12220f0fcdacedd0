using System.Globalization;

namespace CudaLandscape.Interop;

/// <summary>Names one device: "cuda:0", "soft:1".</summary>
/// <param name="Kind">Which driver.</param>
/// <param name="Ordinal">The device's number, from zero.</param>
public readonly record struct DeviceId(DeviceKind Kind, int Ordinal)
{
    /// <summary>The environment variable that names the device, and with it the driver to bind.</summary>
    public const string Variable = "CUDALANDSCAPE_DEVICE";

    /// <summary>As CUDALANDSCAPE_DEVICE says; without it cuda:0 where an NVIDIA device answers, else soft:0.</summary>
    /// <exception cref="FormatException">CUDALANDSCAPE_DEVICE names no device.</exception>
    /// <exception cref="DeviceUnavailableException">Neither driver can be bound.</exception>
    public static DeviceId Default =>
        FromEnvironment(Environment.GetEnvironmentVariable(Variable))
        ?? new DeviceId(NativeLibraryResolver.Bind(null).Kind, 0);

    /// <summary>Reads "cuda", "cuda:N", "soft" or "soft:N"; without a number it is device 0.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static DeviceId Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().ToLowerInvariant().Split(':');
        DeviceKind? kind = parts[0] switch { "cuda" => DeviceKind.Cuda, "soft" => DeviceKind.Soft, _ => null };
        int ordinal = 0;
        bool numbered = parts.Length == 1 || (parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ordinal));
        return kind is { } known && numbered
            ? new DeviceId(known, ordinal)
            : throw new FormatException($"'{text}' names no device: say cuda, cuda:N, soft or soft:N, such as soft:0.");
    }

    /// <summary>Such as "soft:0".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Kind == DeviceKind.Cuda ? "cuda" : "soft")}:{Ordinal}");

    /// <summary>The device that the variable's text names; null when it is unset or empty.</summary>
    internal static DeviceId? FromEnvironment(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            return Parse(text);
        }
        catch (FormatException cause)
        {
            throw new FormatException($"{Variable}: {cause.Message}", cause);
        }
    }
}
