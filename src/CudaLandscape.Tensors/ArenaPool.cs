using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>
/// Device memory that belongs to a recorded step. The step's work names addresses, so nothing else may be given this memory
/// while the step can be replayed.
/// </summary>
internal sealed class ArenaPool
{
    // By the size that was asked for, which a reused block may exceed: the same requests then find the same blocks.
    private readonly Dictionary<long, Stack<DeviceMemory>> _free = [];
    private readonly Dictionary<DeviceMemory, long> _sizes = [];

    /// <summary>All of the pool's memory, in use or not.</summary>
    public List<DeviceMemory> Blocks { get; } = [];

    /// <summary>What is not in use.</summary>
    public IEnumerable<DeviceMemory> FreeBlocks => _free.Values.SelectMany(blocks => blocks);

    public DeviceMemory? Take(long size) =>
        _free.TryGetValue(size, out Stack<DeviceMemory>? blocks) && blocks.TryPop(out DeviceMemory? memory) ? memory : null;

    public void Add(DeviceMemory memory, long size)
    {
        Blocks.Add(memory);
        _sizes[memory] = size;
    }

    public void Return(DeviceMemory memory)
    {
        long size = _sizes[memory];
        if (!_free.TryGetValue(size, out Stack<DeviceMemory>? blocks)) _free[size] = blocks = new();
        blocks.Push(memory);
    }
}
