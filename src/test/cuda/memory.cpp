// Memory of the stand-in's devices: filled with NaN when it is new, and when it was freed; kept a
// while before it is used again; with room around it that nobody may write to.
#include "state.h"

#include <stdio.h>
#include <stdlib.h>

Memory memory;
std::map<uintptr_t, Locked> locked;

namespace {
const size_t ROOM = 512;        // bytes before and behind; CUDA's addresses are multiples of it
const size_t KEPT = 64 << 20;   // bytes of freed memory that are not used again yet
const int NOT_A_NUMBER = 0xFF;  // every byte of it
const int ROOM_BYTE = 0xFD;

bool is_room(const char *from, const char *to) {
  for (; from < to; from++) {
    if ((unsigned char)*from != ROOM_BYTE) {
      return false;
    }
  }
  return true;
}

size_t rounded(size_t bytes) { return (bytes + ROOM - 1) / ROOM * ROOM; }
} // namespace

uintptr_t Memory::allocate(int device, size_t bytes) {
  if (orders.allocationToFail > 0 && --orders.allocationToFail == 0) {
    return 0;
  }
  if (this->bytes(device) + bytes > (size_t)orders.memory) {
    return 0;
  }
  size_t all = rounded(bytes) + 2 * ROOM;
  char *raw = static_cast<char *>(aligned_alloc(ROOM, all));
  if (raw == nullptr) {
    return 0;
  }
  memset(raw, ROOM_BYTE, all);
  memset(raw + ROOM, NOT_A_NUMBER, bytes);
  uintptr_t address = (uintptr_t)(raw + ROOM) | MARK;
  live[address] = {raw, bytes, device};
  long long now = (long long)this->bytes(device);
  counts["peak"] = counts["peak"] > now ? counts["peak"] : now;
  counts["allocated"]++;
  return address;
}

bool Memory::free(int device, uintptr_t address) {
  auto found = live.find(address);
  if (found == live.end() || found->second.device != device) {
    fprintf(stderr, "stand-in driver: 0x%lx is freed and was not allocated, or was freed before\n",
            (unsigned long)address);
    return false;
  }
  Block block = found->second;
  live.erase(found);
  char *first = block.raw + ROOM;
  bool whole = is_room(block.raw, first) &&
               is_room(first + block.bytes, first + rounded(block.bytes) + ROOM);
  if (!whole) {
    fprintf(stderr, "stand-in driver: a kernel wrote beside the %zu bytes of 0x%lx\n", block.bytes,
            (unsigned long)address);
  }
  memset(block.raw, NOT_A_NUMBER, rounded(block.bytes) + 2 * ROOM);
  freed.push_back(block);
  freedBytes += block.bytes;
  while (freedBytes > KEPT) {
    freedBytes -= freed.front().bytes;
    ::free(freed.front().raw);
    freed.pop_front();
  }
  return whole;
}

void Memory::free_all(int device) {
  for (auto next = live.begin(); next != live.end();) {
    uintptr_t address = (next++)->first;
    if (live[address].device == device) {
      free(device, address);
    }
  }
}

const Memory::Block *Memory::holding(int device, uintptr_t address, uintptr_t &first) {
  auto next = live.upper_bound(address);
  if (next == live.begin()) {
    return nullptr;
  }
  --next;
  first = next->first;
  const Block &block = next->second;
  return block.device == device && address - first < block.bytes ? &block : nullptr;
}

char *Memory::range(int device, uintptr_t address, size_t bytes, const char *what) {
  uintptr_t first = 0;
  const Block *block = holding(device, address, first);
  if (block == nullptr || address - first + bytes > block->bytes) {
    fprintf(stderr, "stand-in driver: %s of %zu bytes at 0x%lx, which do not lie in one allocation of device %d\n",
            what, bytes, (unsigned long)address, device);
    return nullptr;
  }
  return block->raw + ROOM + (address - first);
}

void *Memory::find(const void *address, const char *kernel, int parameter) {
  uintptr_t first = 0;
  const Block *block = holding(running, (uintptr_t)address, first);
  if (block == nullptr) {
    fprintf(stderr, "stand-in driver: kernel %s, parameter %d: 0x%lx lies in no allocation of device %d\n",
            kernel, parameter, (unsigned long)(uintptr_t)address, running);
    return nullptr;
  }
  return block->raw + ROOM + ((uintptr_t)address - first);
}

size_t Memory::bytes(int device) {
  size_t all = 0;
  for (auto &each : live) {
    all += each.second.device == device ? each.second.bytes : 0;
  }
  return all;
}

size_t Memory::count(int device) {
  size_t all = 0;
  for (auto &each : live) {
    all += each.second.device == device ? 1 : 0;
  }
  return all;
}

bool is_locked(const void *host) {
  auto next = locked.upper_bound((uintptr_t)host);
  if (next == locked.begin()) {
    return false;
  }
  --next;
  return (uintptr_t)host - next->first < next->second.bytes;
}
