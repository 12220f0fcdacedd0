namespace CudaLandscape.Interop;

/// <summary>What a driver said when it was asked before it was bound.</summary>
/// <param name="InitStatus">The status of cuInit(0), 0 when it succeeded.</param>
/// <param name="Version">Its CUDA version, such as 13000.</param>
/// <param name="DeviceCount">How many devices it offers.</param>
internal readonly record struct DriverAnswer(int InitStatus, int Version, int DeviceCount);
