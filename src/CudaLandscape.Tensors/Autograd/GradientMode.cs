namespace CudaLandscape.Tensors.Autograd;

/// <summary>Whether ops of this thread are recorded on the tape.</summary>
internal static class GradientMode
{
    [ThreadStatic]
    private static bool s_disabled;

    public static bool IsEnabled
    {
        get => !s_disabled;
        set => s_disabled = !value;
    }
}
