namespace CudaLandscape.Tensors.Autograd;

/// <summary>A tensor the tape holds for a backward rule, independent of the caller's handle.</summary>
internal sealed class SavedTensor
{
    private readonly Tensor _handle;
    private readonly Node? _inputNode;

    private SavedTensor(Tensor handle, Node? inputNode)
    {
        _handle = handle;
        _inputNode = inputNode?.Retain();
    }

    public static SavedTensor OfInput(Tensor input) => new(Own(input), input.Node);

    /// <summary>The result of the step itself; holding its node would be a cycle, so it is given again on unpacking.</summary>
    public static SavedTensor OfOutput(Tensor output) => new(Own(output), null);

    /// <summary>A handle in the current scope, with the gradient path the tensor had.</summary>
    public Tensor Unpack(Node? outputNode = null) => _handle.View(_handle.Shape, 0, _handle.Name, outputNode ?? _inputNode);

    public void Release(ref Node? dead)
    {
        _handle.Release("its tape");
        _inputNode?.Drop(ref dead);
    }

    private static Tensor Own(Tensor tensor)
    {
        Tensor handle = tensor.View(tensor.Shape, 0, tensor.Name, null);
        handle.Scope?.Keep(handle);
        return handle;
    }
}
