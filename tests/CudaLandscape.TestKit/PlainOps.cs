using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.TestKit;

/// <summary>
/// The elementwise ops that have no attributes, found by reflection: what can be said of all of them alike needs no row.
/// </summary>
public static class PlainOps
{
    /// <summary>Those of one tensor.</summary>
    public static IEnumerable<Op> Unary => DerivedFrom(typeof(UnaryOp));

    /// <summary>Those of two tensors.</summary>
    public static IEnumerable<Op> Binary => DerivedFrom(typeof(BinaryOp));

    private static IEnumerable<Op> DerivedFrom(Type kind) => kind.Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(kind) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (Op)Activator.CreateInstance(type)!).OrderBy(op => op.Name, StringComparer.Ordinal);
}
