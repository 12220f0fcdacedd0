// Streams, events and captures. On the fast device work runs when it is submitted. On the check device every stream is a
// queue: work runs at synchronisation points, one piece at a time, from a stream chosen by the seed, after what it waits for.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "core.h"

namespace softcuda {

// Runs later and perhaps many times (in a graph): it owns copies of its arguments and checks its addresses itself.
using Work = std::function<CUresult()>;

struct Stream;

enum CaptureMode { capture_global = 0, capture_thread_local = 1, capture_relaxed = 2 };

// A stream that joined a capture: how many nodes it has submitted, and whether the origin has waited for the last of them.
struct Fork {
    size_t nodes = 0;
    bool joined = false;
};

// Streams join a capture by waiting for an event recorded in it. Its nodes are kept in the order of their submission, which
// respects every dependency.
struct Capture {
    CaptureMode mode;
    Stream* origin;
    std::thread::id thread;
    bool invalid = false, ended = false;
    std::vector<Work> nodes;
    std::map<Stream*, Fork> forks;
};

struct Event {
    Context* context = nullptr;
    uint64_t submitted = 0, completed = 0;  // records
    std::chrono::steady_clock::time_point time;
    std::shared_ptr<Capture> capture;  // the last record was captured: where, and after how many nodes of its stream
    Stream* captured_in = nullptr;
    size_t captured_after = 0;
};

struct Task {
    Work work;
    std::shared_ptr<Event> awaited;  // ready when so many of its records are completed
    uint64_t records = 0;
};

struct Stream {
    Context* context = nullptr;
    bool blocking = false;  // ordered with the legacy stream
    std::deque<Task> queue;
    std::shared_ptr<Capture> capture;
};

// The stream itself, or the context's legacy stream for null.
Stream& stream_of(Context& context, Stream* stream);
Stream* create_stream(Context& context, bool blocking);
void destroy_stream(Stream* stream);

// Runs, queues or captures the work. host_memory: it touches host memory or waits, which no capture takes.
CUresult submit(Stream& stream, Work work, bool host_memory = false);

// Check device: runs queued work, of other streams too, until the condition holds or nothing is left; answers the sticky error.
CUresult run_until(Context& context, const std::function<bool()>& done);
CUresult drain(Stream& stream);
CUresult drain(Context& context);
// Runs one piece of work if any is ready, so that a program that polls gets on.
void progress(Context& context);

CUresult record(Stream& stream, const std::shared_ptr<Event>& event);
CUresult wait_for(Stream& stream, const std::shared_ptr<Event>& event);

CUresult begin_capture(Stream& stream, CaptureMode mode);
CUresult end_capture(Stream& stream, std::vector<Work>* nodes);
// The stream is about to go: its capture ends with it, or can only fail.
void abandon_capture(Stream& stream);
CUresult invalidate(Capture& capture, CUresult reason);
// For calls that no capture takes (allocation, synchronisation of everything): the error, with the captures invalidated.
CUresult refuse_in_capture(bool even_relaxed = false);
// Work on the legacy stream would depend on captures implicitly.
CUresult refuse_legacy_in_capture();

}  // namespace softcuda
