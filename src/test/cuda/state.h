// What the stand-in driver knows: memory, streams, counts, and the faults that a test has ordered.
#pragma once

#include "kernel.h"
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdint.h>
#include <stdlib.h>
#include <string>
#include <unistd.h>
#include <vector>

// Results by the names that CUDA's own header has for them.
enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_PTX = 218,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_FAILED = 719
};

// Guards everything in this file. Work of streams is done without it.
extern std::mutex mutex;
typedef std::unique_lock<std::mutex> Lock;

// Allocations of all devices. The host cannot follow an address of a device: it has a bit that no
// address of a process has.
class Memory : public Addresses {
public:
  static const uintptr_t MARK = (uintptr_t)1 << 52;

  // Returns the address on the device; 0 if there is no room.
  uintptr_t allocate(int device, size_t bytes);
  // Returns false if nothing was allocated there, or somebody wrote beside it.
  bool free(int device, uintptr_t address);
  void free_all(int device);
  // Returns the host's memory behind so many bytes; null, after a line to standard error.
  char *range(int device, uintptr_t address, size_t bytes, const char *what);
  // Finds the addresses of a kernel that runs on this device.
  void *find(const void *address, const char *kernel, int parameter) override;
  int running = 0;

  size_t bytes(int device);
  size_t count(int device);

private:
  struct Block {
    char *raw;
    size_t bytes;
    int device;
  };
  std::map<uintptr_t, Block> live;
  std::deque<Block> freed;
  size_t freedBytes = 0;

  const Block *holding(int device, uintptr_t address, uintptr_t &first);
};
extern Memory memory;

// Page-locked memory of the host, which goes with the context of the device that it was locked in.
struct Locked {
  size_t bytes;
  int device;
};
extern std::map<uintptr_t, Locked> locked; // by where it begins
bool is_locked(const void *host);

struct Stream;

// Place in a stream's work: all that was asked for before it.
struct Mark {
  std::shared_ptr<Stream> stream;
  uint64_t number = 0;
};

// One piece of work; `after` is waited for first.
struct Work {
  std::function<void()> run;
  Mark after;
};

// Work that a device has still to do in the order in which it was asked for. It is done as late as
// possible: by whoever needs its outcome.
struct Stream {
  int device;
  std::deque<Work> queue;
  uint64_t asked = 0;
  uint64_t done = 0;
  bool busy = false;
};

void ask(const std::shared_ptr<Stream> &stream, Work work, Lock &lock);
// Has the work done that was asked for before this mark.
void settle(const Mark &mark, Lock &lock);
void settle_all(int device, Lock &lock);
// Returns a stream of this thread, or one that was made; null for a handle that is neither.
std::shared_ptr<Stream> stream_of(uint64_t handle);
std::shared_ptr<Stream> new_stream(int device);

// Returns a number of the environment, by which a process is told before it can be ordered.
inline long long told(const char *name, long long usual) {
  const char *text = getenv(name);
  return text == nullptr ? usual : atoll(text);
}

// Returns the launch at which a process is told to lose its GPU; 0 for none. Where a file is named
// besides, that is only the one which deletes it.
inline long long told_to_lose() {
  const char *once = getenv("STAND_IN_LOSE_ONCE");
  static const bool mine = once == nullptr || unlink(once) == 0;
  return mine ? told("STAND_IN_LOSE_AT", 0) : 0;
}

// What a test reads and orders.
struct Orders {
  bool eager = false;
  long long direction = 0; // of threads: 1 forwards, -1 backwards, 0 either way in turn
  long long allocationToFail = 0; // the n-th from now; 0 for none
  long long launchToLoseAt = told_to_lose();
  long long capability = 90;
  long long devices = told("STAND_IN_DEVICES", 1);
  long long memory = (long long)4 << 30; // of each device, in bytes
  std::set<std::string> hidden;
};
extern Orders orders;
extern std::map<std::string, long long> counts;

// Errors that a context does not recover from, by device.
extern std::map<int, Result> lost;

std::map<std::string, Launch *(*)(void **)> &kernels();
