// The worker threads of the fast device. Items are handed out one by one and the caller works too, so a worker that the
// operating system holds back delays a call only by the item it has begun. Waits spin briefly and then sleep: OpenMP's
// barriers, which spin for milliseconds, made a training step 20 times slower on a busy machine.
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "api.h"

namespace softcuda {
namespace {

constexpr int worker_spins = 4000, caller_spins = 200;

struct Job {
    int64_t count;
    void (*body)(int64_t index, void* state);
    void* state;
    std::atomic<int64_t> next{0}, done{0};

    void work() {
        for (int64_t i = next++; i < count; i = next++) {
            body(i, state);
            done.fetch_add(1, std::memory_order_release);
        }
    }
};

thread_local bool inside = false;

inline void pause_briefly() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    sched_yield();
#endif
}

class Pool {
public:
    explicit Pool(int threads) {
        for (int i = 0; i < threads; ++i) std::thread([this] { run(); }).detach();
    }

    // False when another thread has the workers: the caller then does its work alone.
    bool try_run(int64_t count, void (*body)(int64_t, void*), void* state) {
        std::unique_lock turn(turn_, std::try_to_lock);
        if (!turn) return false;
        auto job = std::make_shared<Job>();
        job->count = count;
        job->body = body;
        job->state = state;
        publish(job);
        inside = true;
        job->work();
        inside = false;
        for (int spin = 0; job->done.load(std::memory_order_acquire) < count; ++spin) {
            if (spin < caller_spins) pause_briefly();
            else sched_yield();
        }
        return true;
    }

private:
    void publish(const std::shared_ptr<Job>& job) {
        bool asleep;
        {
            std::lock_guard lock(mutex_);
            job_ = job;
            epoch_.fetch_add(1, std::memory_order_release);
            asleep = sleeping_ > 0;
        }
        if (asleep) wake_.notify_all();
    }

    void run() {
        inside = true;
        for (uint64_t seen = 0;;) {
            for (int spin = 0; spin < worker_spins && epoch_.load(std::memory_order_acquire) == seen; ++spin) pause_briefly();
            std::shared_ptr<Job> job = take(seen);
            job->work();
        }
    }

    std::shared_ptr<Job> take(uint64_t& seen) {
        std::unique_lock lock(mutex_);
        ++sleeping_;
        wake_.wait(lock, [&] { return epoch_.load(std::memory_order_relaxed) != seen; });
        --sleeping_;
        seen = epoch_.load(std::memory_order_relaxed);
        return job_;
    }

    std::mutex turn_, mutex_;
    std::condition_variable wake_;
    std::shared_ptr<Job> job_;
    std::atomic<uint64_t> epoch_{0};
    int sleeping_ = 0;
};

// Never destroyed: its threads may outlive main.
Pool& pool() {
    static Pool* instance = new Pool(worker_count() - 1);
    return *instance;
}

}  // namespace

void parallel_for(int64_t count, void (*body)(int64_t index, void* state), void* state) {
    if (count > 1 && worker_count() > 1 && !inside && pool().try_run(count, body, state)) return;
    for (int64_t i = 0; i < count; ++i) body(i, state);
}

}  // namespace softcuda
