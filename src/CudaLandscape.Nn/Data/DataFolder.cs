namespace CudaLandscape.Nn.Data;

/// <summary>Finding the files of a data set in the places where people keep them.</summary>
internal static class DataFolder
{
    /// <summary>Paths of the named files, by name; the first place that has a file wins, and the first suffix there.</summary>
    /// <param name="folder">The folder that was named, for messages.</param>
    /// <param name="places">Folders to look into, in order.</param>
    /// <param name="names">Files wanted.</param>
    /// <param name="suffixes">What may follow a name, in order.</param>
    /// <param name="advice">What to do when a file is missing, as a sentence.</param>
    /// <exception cref="DataFileException">The folder or a file is missing.</exception>
    internal static IReadOnlyDictionary<string, string> Find(
        string folder, string[] places, IEnumerable<string> names, string[] suffixes, string advice)
    {
        string all = string.Join(", ", names);
        if (!Directory.Exists(folder))
            throw new DataFileException(
                folder, 0, "the data folder does not exist", "no such folder", "a folder with " + all, "Correct the path.");
        Dictionary<string, string?> found = names.ToDictionary(name => name, name => Locate(places, name, suffixes));
        string[] missing = [.. found.Where(pair => pair.Value is null).Select(pair => pair.Key)];
        if (missing.Length == 0) return found.ToDictionary(pair => pair.Key, pair => pair.Value!);
        string suffixText = suffixes.Length > 1 ? ", plain or with .gz," : "";
        throw new DataFileException(
            folder, 0, $"{missing.Length} of {found.Count} data files are missing", $"no {string.Join(", ", missing)}",
            $"each of them{suffixText} in {string.Join(" or ", places)}", advice);
    }

    /// <summary>The first path that a file has, or null.</summary>
    internal static string? Locate(string[] places, string name, string[] suffixes) =>
        places.SelectMany(place => suffixes.Select(suffix => Path.Combine(place, name + suffix))).FirstOrDefault(File.Exists);
}
