using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>Who loops over the panels of the Householder QR of a large matrix.</summary>
public enum QrMethod
{
    /// <summary>This project: cuSOLVER gets panels only, and every product has 64-bit sizes. The default on a GPU.</summary>
    Panels,

    /// <summary>The library, in one call for the whole matrix. The default where that is LAPACK, and for one panel.</summary>
    OneCall,
}

/// <summary>The QR that the environment asks for.</summary>
internal static class QrSetting
{
    /// <summary>CUDALANDSCAPE_QR: panels, one-call, or nothing, which leaves it to the device.</summary>
    public const string Variable = "CUDALANDSCAPE_QR";

    /// <exception cref="FormatException">The variable is none of them.</exception>
    public static QrMethod For(DeviceKind kind) => Parse(Environment.GetEnvironmentVariable(Variable), kind);

    internal static QrMethod Parse(string? text, DeviceKind kind) => text switch
    {
        null or "" => kind == DeviceKind.Cuda ? QrMethod.Panels : QrMethod.OneCall,
        "panels" => QrMethod.Panels,
        "one-call" => QrMethod.OneCall,
        _ => throw new FormatException($"{Variable}: '{text}' is neither 'panels' nor 'one-call'."),
    };
}
