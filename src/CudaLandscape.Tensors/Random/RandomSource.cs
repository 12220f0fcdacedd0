namespace CudaLandscape.Tensors.Random;

/// <summary>Where draws come from: a place the host knows, or one in device memory, which then counts instead.</summary>
internal readonly record struct RandomSource(Device Device, RandomStream Stream, Tensor? Place = null)
{
    /// <summary>The kernels' argument: the address of the place in device memory, 0 where there is none.</summary>
    public KernelArgument Generator => Place is null ? 0L : Place;
}
