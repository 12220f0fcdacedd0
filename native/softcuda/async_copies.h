// The copies to shared memory that one thread of the check device has under way (async_copy.cuh). A copy destroys its target when it
// begins and brings the data when its thread waits for it: as late as a GPU may, so that what uses them earlier gets no number.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <vector>

namespace softcuda {

class AsyncCopies {
public:
    // False when source or target is not a multiple of the size.
    bool begin(void* shared, const void* global, size_t bytes, bool exists) {
        const auto address = [](const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); };
        if (address(shared) % bytes != 0 || address(global) % bytes != 0) return false;
        std::memset(shared, 0xFF, bytes);
        open_.push_back({shared, exists ? global : nullptr, bytes});
        return true;
    }

    void commit() {
        groups_.push_back(std::move(open_));
        open_.clear();
    }

    // Ends all groups but the last so many.
    void wait(int under_way) {
        for (; int(groups_.size()) > under_way; groups_.pop_front()) {
            for (const Copy& copy : groups_.front()) {
                if (copy.global == nullptr) std::memset(copy.shared, 0, copy.bytes);
                else std::memcpy(copy.shared, copy.global, copy.bytes);
            }
        }
    }

private:
    struct Copy {
        void* shared;
        const void* global;
        size_t bytes;
    };
    std::vector<Copy> open_;
    std::deque<std::vector<Copy>> groups_;
};

}  // namespace softcuda
