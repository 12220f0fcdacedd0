// The queues of the check device, and the road of every piece of work: captured, queued, or run at once.
#include <algorithm>

#include "stream.h"

namespace softcuda {
namespace {

std::vector<Stream*>& streams() {
    static std::vector<Stream*> list;
    return list;
}

Stream& legacy_stream(Context& context) {
    static Stream* legacy[device_count] = {};
    std::lock_guard lock(check_mutex());
    Stream*& stream = legacy[context.device];
    if (stream == nullptr) stream = create_stream(context, true);
    return *stream;
}

bool is_ready(const Stream& stream) {
    if (stream.queue.empty()) return false;
    const Task& task = stream.queue.front();
    return task.awaited == nullptr || task.awaited->completed >= task.records;
}

// After an error nothing of the context runs any more, as on a GPU.
void fail(Context& context, CUresult error) {
    context.sticky = error;
    for (Stream* stream : streams()) {
        if (stream->context == &context) stream->queue.clear();
    }
}

bool run_one(Context& context) {
    std::vector<Stream*> ready;
    for (Stream* stream : streams()) {
        if (stream->context == &context && is_ready(*stream)) ready.push_back(stream);
    }
    if (ready.empty()) return false;
    Stream& chosen = *ready[ready.size() == 1 ? 0 : shuffle_engine()() % ready.size()];
    const Work work = std::move(chosen.queue.front().work);
    chosen.queue.pop_front();
    if (const CUresult result = work ? work() : CUDA_SUCCESS; result != CUDA_SUCCESS) fail(context, result);
    return true;
}

// The legacy stream waits for blocking streams and they for it: the earlier work runs before the later is queued.
void order_with_legacy(Stream& stream) {
    if (!stream.blocking) return;
    for (Stream* other : streams()) {
        if (other != &stream && other->context == stream.context && other->blocking) drain(*other);
    }
}

CUresult enqueue(Stream& stream, Task task) {
    std::lock_guard lock(check_mutex());
    order_with_legacy(stream);
    if (stream.context->sticky != CUDA_SUCCESS) return stream.context->sticky;
    stream.queue.push_back(std::move(task));
    return CUDA_SUCCESS;
}

CUresult capture(Stream& stream, Work work, bool host_memory) {
    Capture& capture = *stream.capture;
    if (capture.invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    if (host_memory) return invalidate(capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    capture.nodes.push_back(std::move(work));
    if (const auto fork = capture.forks.find(&stream); fork != capture.forks.end()) fork->second = {fork->second.nodes + 1, false};
    return CUDA_SUCCESS;
}

}  // namespace

Stream& stream_of(Context& context, Stream* stream) { return stream != nullptr ? *stream : legacy_stream(context); }

Stream* create_stream(Context& context, bool blocking) {
    auto* stream = new Stream{&context, blocking, {}, nullptr};
    std::lock_guard lock(check_mutex());
    streams().push_back(stream);
    return stream;
}

void destroy_stream(Stream* stream) {
    std::lock_guard lock(check_mutex());
    if (stream->capture != nullptr) abandon_capture(*stream);
    drain(*stream);
    streams().erase(std::find(streams().begin(), streams().end(), stream));
    delete stream;
}

CUresult submit(Stream& stream, Work work, bool host_memory) {
    if (stream.capture != nullptr) return capture(stream, std::move(work), host_memory);
    if (&stream == &legacy_stream(*stream.context)) {
        if (const CUresult refused = refuse_legacy_in_capture(); refused != CUDA_SUCCESS) return refused;
    }
    if (stream.context->device == fast_device) return work();
    return enqueue(stream, Task{std::move(work), nullptr, 0});
}

CUresult run_until(Context& context, const std::function<bool()>& done) {
    if (context.device == fast_device) return context.sticky;
    std::lock_guard lock(check_mutex());
    const DeviceAccess access;
    while (!done() && run_one(context)) {
    }
    return context.sticky;
}

CUresult drain(Stream& stream) {
    return run_until(*stream.context, [&stream] { return stream.queue.empty(); });
}

CUresult drain(Context& context) {
    return run_until(context, [] { return false; });
}

void progress(Context& context) {
    std::lock_guard lock(check_mutex());
    const DeviceAccess access;
    if (context.device == check_device) run_one(context);
}

CUresult record(Stream& stream, const std::shared_ptr<Event>& event) {
    if (stream.capture != nullptr) {
        if (stream.capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        const auto fork = stream.capture->forks.find(&stream);
        event->capture = stream.capture;
        event->captured_in = &stream;
        event->captured_after = fork == stream.capture->forks.end() ? 0 : fork->second.nodes;
        return CUDA_SUCCESS;
    }
    event->capture = nullptr;
    const uint64_t number = ++event->submitted;
    return submit(stream, [event, number] {
        event->completed = std::max(event->completed, number);
        event->time = std::chrono::steady_clock::now();
        return CUDA_SUCCESS;
    });
}

static CUresult wait_in_capture(Stream& stream, const Event& event) {
    const std::shared_ptr<Capture>& source = event.capture;
    if (source == nullptr || source->ended) return invalidate(*stream.capture, CUDA_ERROR_STREAM_CAPTURE_ISOLATION);
    if (source != stream.capture) {
        invalidate(*source, CUDA_ERROR_STREAM_CAPTURE_MERGE);
        return invalidate(*stream.capture, CUDA_ERROR_STREAM_CAPTURE_MERGE);
    }
    const auto fork = source->forks.find(event.captured_in);
    const bool all = fork != source->forks.end() && fork->second.nodes == event.captured_after;
    if (all && &stream == source->origin) fork->second.joined = true;
    return CUDA_SUCCESS;
}

CUresult wait_for(Stream& stream, const std::shared_ptr<Event>& event) {
    if (stream.capture != nullptr) {
        if (stream.capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        return wait_in_capture(stream, *event);
    }
    if (event->capture != nullptr && !event->capture->ended) {
        if (event->capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        stream.capture = event->capture;
        stream.capture->forks[&stream] = {};
        return CUDA_SUCCESS;
    }
    if (stream.context->device == fast_device) return CUDA_SUCCESS;
    return enqueue(stream, Task{nullptr, event, event->submitted});
}

bool submit_library(void* stream, Waits waits, std::function<bool()> work) {
    Context* context = current_context();
    if (context == nullptr) return work();
    if (context->sticky != CUDA_SUCCESS) return false;
    Stream& queue = stream_of(*context, static_cast<Stream*>(stream));
    if (queue.capture == nullptr && stream != nullptr && context->device == fast_device) return work();
    Work task = [work = std::move(work)] { return work() ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_ADDRESS; };
    if (submit(queue, std::move(task), waits != Waits::no) != CUDA_SUCCESS) return false;
    return waits != Waits::for_result || drain(queue) == CUDA_SUCCESS;
}

}  // namespace softcuda
