namespace CudaLandscape.Nn.Data;

/// <summary>The CRC-32 of gzip (reflected polynomial 0xEDB88320), computed as bytes pass by.</summary>
internal struct Crc32
{
    private static readonly uint[] Table = BuildTable();

    private uint _value;

    /// <summary>The checksum of all bytes added so far.</summary>
    internal readonly uint Value => _value;

    /// <summary>Adds bytes.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        uint state = ~_value;
        foreach (byte value in bytes)
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        _value = ~state;
    }

    private static uint[] BuildTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint entry = i;
            for (int bit = 0; bit < 8; bit++)
                entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xEDB88320u;
            table[i] = entry;
        }

        return table;
    }
}
