// Finds accesses to shared memory by two threads, one of them writing, that no barrier orders: between warps __syncthreads, between
// lanes of a warp also a __syncwarp of all of them. Words of four bytes; accesses of less are not looked at.
#pragma once

#include <cstdint>
#include <vector>

namespace softcuda::ptx {

class Races {
public:
    // Of a new block: nothing has been touched.
    void restart(uint64_t bytes) {
        words_.assign((bytes + 3) / 4, Word{});
        epoch_ = 1;
    }
    void pass_barrier() { ++epoch_; }

    // The other thread, or -1. `syncs` counts what the thread's warp has synchronised.
    int note(uint64_t offset, uint32_t bytes, int thread, uint32_t syncs, bool writes) {
        int other = -1;
        if (bytes < 4) return other;
        for (uint64_t word = offset / 4; word < (offset + bytes) / 4; ++word) {
            Word& w = words_[word];
            if (clashes(w.writer, thread, syncs)) other = w.writer.thread;
            if (writes && clashes(w.reader, thread, syncs)) other = w.reader.thread;
            if (writes && clashes(w.other_reader, thread, syncs)) other = w.other_reader.thread;
            if (writes && clashes(w.earlier_lane, thread, syncs)) other = w.earlier_lane.thread;
            if (writes) w.writer = {epoch_, syncs, thread};
            else note_reader(w, thread, syncs);
        }
        return other;
    }

private:
    struct Access {
        uint32_t epoch = 0, syncs = 0;
        int thread = -1;
    };
    // Of many readers since the last barrier the last one, the last of another warp, and one more lane of the last one's warp.
    struct Word {
        Access writer, reader, other_reader, earlier_lane;
    };

    bool clashes(const Access& access, int thread, uint32_t syncs) const {
        if (access.epoch != epoch_ || access.thread == thread) return false;
        return access.thread / 32 != thread / 32 || access.syncs == syncs;
    }

    void note_reader(Word& w, int thread, uint32_t syncs) {
        if (w.reader.epoch == epoch_ && w.reader.thread / 32 != thread / 32) w.other_reader = w.reader;
        else if (w.reader.epoch == epoch_ && w.reader.thread != thread) w.earlier_lane = w.reader;
        w.reader = {epoch_, syncs, thread};
    }

    std::vector<Word> words_;
    uint32_t epoch_ = 1;
};

}  // namespace softcuda::ptx
