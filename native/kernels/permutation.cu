// A random order of 0 … count - 1: the numbers sorted by their Philox draws, equal draws by number. That order is unique,
// so the way it is found never shows; here it is a bitonic network over the next power of two. What fills up to that power
// has the largest key and larger numbers, and so ends behind the rest.
#include "device.cuh"
#include "philox.cuh"

DEVICE void fill(const RandomPlace& from, int64_t count, int64_t padded, uint64_t* keys, int32_t* order) {
    GRID_LOOP(i, padded) {
        keys[i] = i < count ? philox_bits(from.offset + uint64_t(i), from.stream, from.seed) : ~uint64_t(0);
        order[i] = int32_t(i);
    }
}

// One step of the network: places `distance` apart are put in order, rising where (place & run) is 0, else falling.
DEVICE void compare_exchange(int64_t padded, int64_t run, int64_t distance, uint64_t* keys, int32_t* order) {
    GRID_LOOP(pair, padded / 2) {
        const int64_t low = 2 * pair - (pair & (distance - 1)), high = low + distance;
        const uint64_t a = keys[low], b = keys[high];
        const int32_t i = order[low], j = order[high];
        const bool greater = a > b || (a == b && i > j), swap = greater == ((low & run) == 0);
        keys[low] = swap ? b : a;
        keys[high] = swap ? a : b;
        order[low] = swap ? j : i;
        order[high] = swap ? i : j;
    }
}

KERNEL(permutation_fill_i32, (RandomPlace place, const RandomPlace* generator, int64_t count, int64_t padded,
                              uint64_t* keys, int32_t* order)) {
    fill(random_place(place, generator), count, padded, keys, order);
}

KERNEL(permutation_compare_exchange_i32,
       (int64_t padded, int64_t run, int64_t distance, uint64_t* keys, int32_t* order)) {
    compare_exchange(padded, run, distance, keys, order);
}
