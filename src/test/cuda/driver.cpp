// The driver's functions: devices, contexts, memory. Their names, arguments and results are those of
// cuda.h.
#include "driver.h"

#include <stdio.h>

thread_local int current_device = -1;
bool initialized = false;

namespace {
const size_t KEPT = 64 << 20; // bytes of freed page-locked memory that are not used again yet

std::map<int, int> retained;
std::deque<std::pair<char *, size_t>> unlocked;
size_t unlockedBytes = 0;

// Whoever frees it must have waited: what is still to be copied from here is no number.
void unlock(std::map<uintptr_t, Locked>::iterator piece) {
  char *memory = reinterpret_cast<char *>(piece->first);
  size_t bytes = piece->second.bytes;
  memset(memory, 0xFF, bytes);
  unlocked.push_back({memory, bytes});
  unlockedBytes += bytes;
  locked.erase(piece);
  while (unlockedBytes > KEPT) {
    unlockedBytes -= unlocked.front().second;
    free(unlocked.front().first);
    unlocked.pop_front();
  }
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
    for (auto next = locked.begin(); next != locked.end();) {
      auto each = next++;
      if (each->second.device == device) {
        unlock(each);
      }
    }
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
  locked[(uintptr_t)*address] = {bytes, current_device};
  return SUCCESS;
}

Result cuMemFreeHost(void *address) {
  Lock lock(mutex);
  auto found = locked.find((uintptr_t)address);
  if (found == locked.end()) {
    return INVALID_VALUE;
  }
  unlock(found);
  return SUCCESS;
}
}
