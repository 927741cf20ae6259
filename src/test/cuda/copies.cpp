// The driver's functions: copies, and bytes set.
#include "driver.h"

namespace {
Result copied(uint64_t stream, size_t bytes, const char *name, Lock &lock,
              std::function<Result(int device)> copy) {
  auto on = stream_of(stream);
  if (!on) {
    return INVALID_HANDLE;
  }
  counts[name]++;
  counts["copied"] += (long long)bytes;
  int device = on->device;
  ask(on, {[=] {
             Lock inside(mutex);
             if (lost.count(device) == 0) {
               lose(device, copy(device));
             }
           }},
      lock);
  return SUCCESS;
}
} // namespace

extern "C" {
// Of memory that is not page-locked, the bytes are taken at once; otherwise when it is done.
Result cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, uint64_t stream) {
  Lock lock(mutex);
  Result now = state();
  if (now != SUCCESS) {
    return now;
  }
  if ((uintptr_t)from >= Memory::MARK) {
    return INVALID_VALUE;
  }
  std::shared_ptr<std::vector<char>> taken;
  if (!is_locked(from)) {
    const char *host = static_cast<const char *>(from);
    taken = std::make_shared<std::vector<char>>(host, host + bytes);
  }
  return copied(stream, bytes, "toDevice", lock, [=](int device) {
    char *place = memory.range(device, to, bytes, "copy from the host");
    if (place == nullptr) {
      return ILLEGAL_ADDRESS;
    }
    memcpy(place, taken ? taken->data() : from, bytes);
    return SUCCESS;
  });
}

Result cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, uint64_t stream) {
  Lock lock(mutex);
  Result now = state();
  if (now != SUCCESS) {
    return now;
  }
  if ((uintptr_t)to >= Memory::MARK) {
    return INVALID_VALUE;
  }
  return copied(stream, bytes, "toHost", lock, [=](int device) {
    char *place = memory.range(device, from, bytes, "copy to the host");
    if (place == nullptr) {
      return ILLEGAL_ADDRESS;
    }
    memcpy(to, place, bytes);
    return SUCCESS;
  });
}

Result cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, uint64_t stream) {
  Lock lock(mutex);
  Result now = state();
  return now != SUCCESS ? now : copied(stream, bytes, "within", lock, [=](int device) {
    char *target = memory.range(device, to, bytes, "copy to");
    char *source = memory.range(device, from, bytes, "copy from");
    if (target == nullptr || source == nullptr) {
      return ILLEGAL_ADDRESS;
    }
    memmove(target, source, bytes);
    return SUCCESS;
  });
}

Result cuMemsetD8Async(uint64_t at, unsigned char value, size_t count, uint64_t stream) {
  Lock lock(mutex);
  Result now = state();
  return now != SUCCESS ? now : copied(stream, 0, "sets", lock, [=](int device) {
    char *place = memory.range(device, at, count, "set");
    if (place == nullptr) {
      return ILLEGAL_ADDRESS;
    }
    memset(place, value, count);
    return SUCCESS;
  });
}

Result cuMemsetD32Async(uint64_t at, unsigned value, size_t count, uint64_t stream) {
  Lock lock(mutex);
  Result now = state();
  return now != SUCCESS ? now : copied(stream, 0, "sets", lock, [=](int device) {
    char *place = memory.range(device, at, count * sizeof value, "set");
    if (place == nullptr) {
      return ILLEGAL_ADDRESS;
    }
    for (size_t i = 0; i < count; i++) {
      memcpy(place + i * sizeof value, &value, sizeof value);
    }
    return SUCCESS;
  });
}
}
