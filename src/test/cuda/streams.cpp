// Streams: queues whose work is done when somebody needs its outcome, and no sooner.
#include "state.h"

#include <algorithm>

std::mutex mutex;
Orders orders;
std::map<std::string, long long> counts;
std::map<int, Result> lost;

extern thread_local int current_device;

namespace {
const uint64_t PER_THREAD = 2;

std::condition_variable moved;
std::vector<std::shared_ptr<Stream>> streams;
thread_local std::map<int, std::shared_ptr<Stream>> own;
} // namespace

std::shared_ptr<Stream> new_stream(int device) {
  // Those of threads that have ended, and have nothing left to do.
  streams.erase(std::remove_if(streams.begin(), streams.end(),
                               [](auto &each) {
                                 return each.use_count() == 1 && each->queue.empty() && !each->busy;
                               }),
                streams.end());
  auto made = std::make_shared<Stream>();
  made->device = device;
  streams.push_back(made);
  return made;
}

std::map<uint64_t, std::shared_ptr<Stream>> &made_streams() {
  static std::map<uint64_t, std::shared_ptr<Stream>> made;
  return made;
}

std::shared_ptr<Stream> stream_of(uint64_t handle) {
  if (handle == PER_THREAD) {
    auto &stream = own[current_device];
    if (!stream) {
      stream = new_stream(current_device);
    }
    return stream;
  }
  auto found = made_streams().find(handle);
  return found == made_streams().end() ? nullptr : found->second;
}

void settle(const Mark &mark, Lock &lock) {
  if (!mark.stream) {
    return;
  }
  Stream &stream = *mark.stream;
  while (stream.done < mark.number) {
    if (stream.busy) {
      moved.wait(lock);
      continue;
    }
    Mark after = stream.queue.front().after;
    if (after.stream && after.stream->done < after.number) {
      settle(after, lock);
      continue;
    }
    Work work = std::move(stream.queue.front());
    stream.queue.pop_front();
    stream.busy = true;
    lock.unlock();
    if (work.run) {
      work.run();
    }
    lock.lock();
    stream.busy = false;
    stream.done++;
    moved.notify_all();
  }
}

void ask(const std::shared_ptr<Stream> &stream, Work work, Lock &lock) {
  stream->queue.push_back(std::move(work));
  stream->asked++;
  if (orders.eager) {
    settle({stream, stream->asked}, lock);
  }
}

void settle_all(int device, Lock &lock) {
  auto all = streams; // others may come meanwhile
  for (auto &each : all) {
    if (each->device == device) {
      settle({each, each->asked}, lock);
    }
  }
}
