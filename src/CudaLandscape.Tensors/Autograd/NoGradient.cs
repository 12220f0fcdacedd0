namespace CudaLandscape.Tensors.Autograd;

/// <summary>While it is open, ops of this thread are not recorded: <c>using (new NoGradient()) { … }</c>.</summary>
public readonly struct NoGradient : IDisposable
{
    private readonly bool _wasEnabled;

    /// <summary>Stops recording.</summary>
    public NoGradient()
    {
        _wasEnabled = GradientMode.IsEnabled;
        GradientMode.IsEnabled = false;
    }

    /// <summary>Goes on as before.</summary>
    public void Dispose() => GradientMode.IsEnabled = _wasEnabled;
}
