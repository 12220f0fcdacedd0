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

    /// <summary>Records or does not until the result is disposed.</summary>
    public static Change Set(bool enabled) => new(enabled);

    /// <summary>Goes back to the former mode when it is disposed.</summary>
    public readonly ref struct Change
    {
        private readonly bool _before;

        public Change(bool enabled)
        {
            _before = IsEnabled;
            IsEnabled = enabled;
        }

        public void Dispose() => IsEnabled = _before;
    }
}
