using CudaLandscape.Landscape.Paths;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>A path between two trained networks and what was measured at its points.</summary>
/// <param name="Name">Its shape.</param>
/// <param name="Train">On the images that the networks were trained with.</param>
/// <param name="Test">On test images, with running statistics from the training images.</param>
internal sealed record MeasuredPath(string Name, PathProfile Train, PathProfile Test);
