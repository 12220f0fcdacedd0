// The worker threads of the fast device. Every worker has its share of the items, the same at every call, so that what it wrote
// last is still in its core's cache; the caller has the first share. Who has finished takes what is left of the other shares, so
// that a worker that the operating system holds back delays a call only by the item it has begun. Waits spin briefly and then
// sleep: OpenMP's barriers, which spin for milliseconds, made a training step 20 times slower on a busy machine.
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

constexpr int worker_spins = 4000, caller_spins = 200, lock_spins = 100;

// Items [next, end) are still to be taken.
struct alignas(64) Share {
    std::atomic<int64_t> next{0};
    int64_t end = 0;
};

class Job {
public:
    Job(int64_t count, int workers, void (*body)(int64_t index, void* state), void* state)
        : count_(count), body_(body), state_(state), shares_(size_t(workers)) {
        for (int w = 0; w < workers; ++w) {
            shares_[size_t(w)].next = count * w / workers;
            shares_[size_t(w)].end = count * (w + 1) / workers;
        }
    }

    void work(int worker) {
        for (size_t i = 0; i < shares_.size(); ++i) finish(shares_[(size_t(worker) + i) % shares_.size()]);
    }

    bool is_done() const { return done_.load(std::memory_order_acquire) == count_; }

private:
    void finish(Share& share) {
        int64_t finished = 0;
        for (int64_t i = share.next++; i < share.end; i = share.next++, ++finished) body_(i, state_);
        if (finished > 0) done_.fetch_add(finished, std::memory_order_release);
    }

    const int64_t count_;
    void (*const body_)(int64_t index, void* state);
    void* const state_;
    std::vector<Share> shares_;
    std::atomic<int64_t> done_{0};
};

thread_local bool inside = false;

inline void pause_briefly() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    sched_yield();
#endif
}

// The mutex is held for a moment only: to sleep for it would cost more than a small kernel.
std::unique_lock<std::mutex> lock_briefly(std::mutex& mutex) {
    std::unique_lock lock(mutex, std::try_to_lock);
    for (int spin = 0; spin < lock_spins && !lock; ++spin) {
        pause_briefly();
        lock.try_lock();
    }
    if (!lock) lock.lock();
    return lock;
}

class Pool {
public:
    explicit Pool(int workers) : workers_(workers) {
        for (int w = 1; w < workers; ++w) std::thread([this, w] { run(w); }).detach();
    }

    // False when another thread has the workers: the caller then does its work alone.
    bool try_run(int64_t count, void (*body)(int64_t, void*), void* state) {
        std::unique_lock turn(turn_, std::try_to_lock);
        if (!turn) return false;
        const auto job = std::make_shared<Job>(count, workers_, body, state);
        publish(job);
        inside = true;
        job->work(0);
        inside = false;
        for (int spin = 0; !job->is_done(); ++spin) {
            if (spin < caller_spins) pause_briefly();
            else sched_yield();
        }
        return true;
    }

private:
    void publish(const std::shared_ptr<Job>& job) {
        bool asleep;
        {
            const auto lock = lock_briefly(mutex_);
            job_ = job;
            epoch_.fetch_add(1, std::memory_order_release);
            asleep = sleeping_ > 0;
        }
        if (asleep) wake_.notify_all();
    }

    void run(int worker) {
        inside = true;
        for (uint64_t seen = 0;;) {
            for (int spin = 0; spin < worker_spins && epoch_.load(std::memory_order_acquire) == seen; ++spin) pause_briefly();
            std::shared_ptr<Job> job = take(seen);
            job->work(worker);
        }
    }

    std::shared_ptr<Job> take(uint64_t& seen) {
        auto lock = lock_briefly(mutex_);
        ++sleeping_;
        wake_.wait(lock, [&] { return epoch_.load(std::memory_order_relaxed) != seen; });
        --sleeping_;
        seen = epoch_.load(std::memory_order_relaxed);
        return job_;
    }

    const int workers_;
    std::mutex turn_, mutex_;
    std::condition_variable wake_;
    std::shared_ptr<Job> job_;
    std::atomic<uint64_t> epoch_{0};
    int sleeping_ = 0;
};

// Never destroyed: its threads may outlive main.
Pool& pool() {
    static Pool* instance = new Pool(worker_count());
    return *instance;
}

}  // namespace

void parallel_for(int64_t count, void (*body)(int64_t index, void* state), void* state) {
    if (count > 1 && worker_count() > 1 && !inside && pool().try_run(count, body, state)) return;
    for (int64_t i = 0; i < count; ++i) body(i, state);
}

}  // namespace softcuda
