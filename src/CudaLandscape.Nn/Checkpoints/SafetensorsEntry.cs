namespace CudaLandscape.Nn.Checkpoints;

/// <summary>What a safetensors header says of one tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type, as the format names it.</param>
/// <param name="Shape">Sizes of the axes.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
/// <param name="Place">Where in the file it is declared.</param>
internal readonly record struct SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End, long Place);
