// The driver's functions: devices, contexts, memory, copies. Their names, arguments and results are
// those of cuda.h.
#include "driver.h"

#include <stdio.h>

thread_local int current_device = -1;
bool initialized = false;

namespace {
std::map<int, int> retained;

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

void lose(int device, Result result) {
  if (result != SUCCESS && lost.count(device) == 0) {
    lost[device] = result;
  }
}

Result state() {
  if (!initialized) {
    return NOT_INITIALIZED;
  }
  if (current_device < 0 || retained[current_device] == 0) {
    return INVALID_CONTEXT;
  }
  auto failed = lost.find(current_device);
  return failed == lost.end() ? SUCCESS : failed->second;
}

extern "C" {
Result cuInit(unsigned) {
  Lock lock(mutex);
  if (orders.devices == 0) {
    return NO_DEVICE;
  }
  initialized = true;
  return SUCCESS;
}

Result cuDriverGetVersion(int *version) {
  *version = 12080;
  return SUCCESS;
}

Result cuDeviceGetCount(int *count) {
  Lock lock(mutex);
  *count = (int)orders.devices;
  return initialized ? SUCCESS : NOT_INITIALIZED;
}

Result cuDeviceGet(int *device, int ordinal) {
  Lock lock(mutex);
  if (!initialized) {
    return NOT_INITIALIZED;
  }
  *device = ordinal;
  return ordinal >= 0 && ordinal < orders.devices ? SUCCESS : INVALID_DEVICE;
}

Result cuDeviceGetName(char *name, int length, int) {
  snprintf(name, (size_t)length, "Stand-in");
  return SUCCESS;
}

Result cuDeviceGetUuid_v2(unsigned char *uuid, int device) {
  memset(uuid, 0, 16);
  memcpy(uuid, "stand-in", 8);
  uuid[15] = (unsigned char)device;
  return SUCCESS;
}

// Of a GPU that is divided, this is another than the instance's.
Result cuDeviceGetUuid(unsigned char *uuid, int) {
  memset(uuid, 0xFF, 16);
  return SUCCESS;
}

Result cuDeviceGetPCIBusId(char *id, int length, int device) {
  snprintf(id, (size_t)length, "0000:%02x:00.0", device + 1);
  return SUCCESS;
}

Result cuDeviceTotalMem_v2(size_t *bytes, int) {
  Lock lock(mutex);
  *bytes = (size_t)orders.memory;
  return SUCCESS;
}

Result cuDeviceGetAttribute(int *value, int attribute, int) {
  Lock lock(mutex);
  switch (attribute) {
  case 16: // multiprocessors
    *value = 4;
    return SUCCESS;
  case 75: // the capability's major number
    *value = (int)(orders.capability / 10);
    return SUCCESS;
  case 76:
    *value = (int)(orders.capability % 10);
    return SUCCESS;
  default:
    return INVALID_VALUE;
  }
}

Result cuDevicePrimaryCtxRetain(uint64_t *context, int device) {
  Lock lock(mutex);
  if (!initialized) {
    return NOT_INITIALIZED;
  }
  retained[device]++;
  counts["contexts"]++;
  *context = (uint64_t)device + 1;
  return SUCCESS;
}

Result cuDevicePrimaryCtxRelease_v2(int device) {
  Lock lock(mutex);
  settle_all(device, lock);
  counts["contexts"]--;
  if (--retained[device] == 0) {
    memory.free_all(device); // it goes with its context
  }
  return SUCCESS;
}

Result cuCtxSetCurrent(uint64_t context) {
  current_device = (int)context - 1;
  return SUCCESS;
}

Result cuCtxSynchronize() {
  Lock lock(mutex);
  Result now = state();
  if (now == SUCCESS) {
    settle_all(current_device, lock);
  }
  return state();
}

Result cuMemGetInfo_v2(size_t *free, size_t *total) {
  Lock lock(mutex);
  Result now = state();
  *total = (size_t)orders.memory;
  *free = now == SUCCESS ? *total - memory.bytes(current_device) : 0;
  return now;
}

Result cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  Lock lock(mutex);
  Result now = state();
  if (now != SUCCESS) {
    return now;
  }
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  *address = memory.allocate(current_device, bytes);
  return *address == 0 ? OUT_OF_MEMORY : SUCCESS;
}

// As the driver does, it waits for all that the device has still to do.
Result cuMemFree_v2(uint64_t address) {
  Lock lock(mutex);
  Result now = state();
  if (now == SUCCESS) {
    settle_all(current_device, lock);
    now = state();
  }
  bool good = current_device >= 0 && memory.free(current_device, address);
  if (now == SUCCESS && !good) {
    lose(current_device, ILLEGAL_ADDRESS);
    return INVALID_VALUE;
  }
  return now;
}

Result cuMemHostAlloc(void **address, size_t bytes, unsigned) {
  Lock lock(mutex);
  Result now = state();
  if (now != SUCCESS) {
    return now;
  }
  *address = malloc(bytes);
  memset(*address, 0xFF, bytes);
  locked[(uintptr_t)*address] = bytes;
  return SUCCESS;
}

Result cuMemFreeHost(void *address) {
  Lock lock(mutex);
  if (locked.erase((uintptr_t)address) == 0) {
    return INVALID_VALUE;
  }
  // Whoever frees it must have waited: what is still to be copied would be read from here.
  memset(address, 0xFF, 1);
  free(address);
  return SUCCESS;
}

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
