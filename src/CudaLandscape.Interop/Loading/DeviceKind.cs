namespace CudaLandscape.Interop;

/// <summary>Which driver a device belongs to.</summary>
public enum DeviceKind
{
    /// <summary>An NVIDIA GPU through NVIDIA's driver.</summary>
    Cuda = 0,

    /// <summary>The CPU through softcuda: soft:0 is fast, soft:1 checks.</summary>
    Soft = 1,
}
