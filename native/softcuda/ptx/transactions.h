// What a warp's access costs: sectors of 32 bytes of global memory, and passes through the 32 banks of shared memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace softcuda::ptx {

// Addresses of the lanes whose bits are set, each of so many bytes.
inline uint64_t count_sectors(const uint64_t* addresses, uint32_t lanes, uint32_t bytes) {
    std::array<uint64_t, 64> sectors;
    size_t count = 0;
    bool sorted = true;
    for (; lanes != 0; lanes &= lanes - 1) {
        const uint64_t address = addresses[__builtin_ctz(lanes)];
        for (uint64_t sector = address / 32; sector <= (address + bytes - 1) / 32; ++sector) {
            if (count > 0 && sectors[count - 1] == sector) continue;
            sorted = sorted && (count == 0 || sectors[count - 1] < sector);
            sectors[count++] = sector;
        }
    }
    if (sorted) return count;
    std::sort(sectors.begin(), sectors.begin() + count);
    return uint64_t(std::unique(sectors.begin(), sectors.begin() + count) - sectors.begin());
}

// Lanes that read the same word share it. Accesses of 8 bytes take half a warp at a time, of 16 a quarter: a GPU may do with less where
// halves or quarters read the same.
inline uint64_t count_passes(const uint64_t* addresses, uint32_t lanes, uint32_t bytes) {
    const int words = bytes > 4 ? int(bytes / 4) : 1, together = 32 / words;
    uint64_t passes = 0;
    for (int first = 0; first < 32; first += together) {
        std::array<uint64_t, 32> seen;
        size_t count = 0;
        std::array<uint8_t, 32> in_bank{};
        for (int lane = first; lane < first + together; ++lane) {
            if ((lanes >> lane & 1) == 0) continue;
            for (int w = 0; w < words; ++w) {
                const uint64_t word = addresses[lane] / 4 + uint64_t(w);
                if (std::find(seen.begin(), seen.begin() + count, word) != seen.begin() + count) continue;
                seen[count++] = word;
                ++in_bank[word % 32];
            }
        }
        passes += *std::max_element(in_bank.begin(), in_bank.end());
    }
    return passes;
}

}  // namespace softcuda::ptx
