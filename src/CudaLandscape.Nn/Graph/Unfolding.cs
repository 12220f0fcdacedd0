using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>The rows of a description, and which row reads which.</summary>
internal sealed class Unfolding
{
    /// <summary>Stands for the model's input where the number of a row is expected.</summary>
    public const int ModelInput = -1;

    private readonly List<LayerDescription> _rows = [];
    private readonly List<int[]> _sources = [];
    private readonly Dictionary<Parameter, string> _owners = [];

    /// <summary>Adds the layers of a graph that reads a row; gives the row of its output.</summary>
    public int Unfold(GraphModel graph, string prefix, int source)
    {
        int[] rows = new int[graph.Nodes.Count];
        rows[0] = source;
        for (int i = 1; i < rows.Length; i++)
        {
            Node node = graph.Nodes[i];
            int[] sources = [.. node.Inputs.Select(n => rows[n.Index])];
            rows[i] = node.Module is GraphModel inner
                ? Unfold(inner, $"{prefix}{node.Name}.", sources[0])
                : AddRow(node, prefix, sources);
        }

        return rows[graph.Output.Index];
    }

    /// <summary>The rows, with the output layers marked.</summary>
    public IReadOnlyList<LayerDescription> Finish(int output)
    {
        Stack<int> pending = new([output]);
        HashSet<int> seen = [output];
        while (pending.TryPop(out int row))
        {
            if (row == ModelInput) continue;
            if (_rows[row].Role == LayerRole.Weighted) _rows[row] = _rows[row] with { IsOutput = true };
            if (_rows[row].Role is LayerRole.Weighted or LayerRole.Pooling) continue;
            foreach (int source in _sources[row])
            {
                if (seen.Add(source)) pending.Push(source);
            }
        }

        return _rows;
    }

    private int AddRow(Node node, string prefix, int[] sources)
    {
        string name = prefix + node.Name;
        (long count, string? owner) = Count(name, node.Module?.Parameters ?? []);
        _rows.Add(new LayerDescription
        {
            Name = name,
            Kind = node.Kind,
            Role = node.Module?.Role ?? LayerRole.Arrangement,
            Inputs = [.. node.Inputs.Select(n => n.Shape)],
            Output = node.Shape,
            Parameters = count,
            SharedWith = owner,
            MultiplyAdds = node.Module?.MultiplyAdds(node.Inputs[0].Shape) ?? 0,
            IsOutput = false,
        });
        _sources.Add(sources);
        return _rows.Count - 1;
    }

    private (long Count, string? Owner) Count(string name, IReadOnlyList<Parameter> parameters)
    {
        long count = 0;
        string? owner = null;
        foreach (Parameter parameter in parameters)
        {
            if (_owners.TryAdd(parameter.Root, name)) count += parameter.Shape.ElementCount;
            else if (_owners[parameter.Root] != name) owner ??= _owners[parameter.Root];
        }

        return (count, owner);
    }
}
