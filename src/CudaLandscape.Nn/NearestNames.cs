namespace CudaLandscape.Nn;

/// <summary>What someone who wrote a wrong name may have meant.</summary>
public static class NearestNames
{
    /// <summary>The known names fewest insertions, deletions and replacements away from the given one.</summary>
    public static string[] Of(string given, IEnumerable<string> known, int most = 3) =>
        [.. known.OrderBy(name => Distance(given.ToUpperInvariant(), name.ToUpperInvariant())).Take(most)];

    /// <summary>The same, for a message.</summary>
    public static string Text(string given, IEnumerable<string> known, int most = 3) => string.Join(", ", Of(given, known, most));

    // Levenshtein's distance, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
