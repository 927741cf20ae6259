// Blocks of threads. The first thread of a block runs in a fibre; if it ends without a barrier, all
// others are run as a plain loop. Otherwise each has a fibre of its own, and they take turns from
// barrier to barrier. Blocks and threads go forwards or backwards: what comes out is another where a
// barrier is missing, or a block counts on one before it.
#include "fibre.h"
#include "kernel.h"

#include <vector>

__thread Place stand_in_place;

namespace {
// A thread of a block, in a fibre that lives on from block to block.
struct Runner {
  Fibre fibre;
  Extent thread;
  bool ended;
};

// The runners of one system thread. Each that comes to a barrier, or ends, hands on to the next; the
// last hands back.
struct Runners {
  std::vector<Runner> all;
  size_t count = 0; // of those that take turns
  size_t current = 0;
  size_t ended = 0;
  bool turning = false;
  bool stray = false;
  bool backwards = false;
  Launch *launch = nullptr;
  Fibre own; // the system thread's own stack

  ~Runners() {
    for (Runner &each : all) {
      free_stack(each.fibre);
    }
  }

  // Where a runner lives: it runs one thread after the other, whenever its turn comes.
  static void live(void *its) {
    Runners &runners = *static_cast<Runners *>(its);
    for (;;) {
      runners.launch->thread();
      runners.all[runners.current].ended = true;
      runners.ended++;
      runners.hand_on();
    }
  }

  void hand_on() {
    Runner &from = all[current];
    do {
      current++;
    } while (current < count && all[current].ended);
    if (current < count) {
      threadIdx = all[current].thread;
      switch_fibres(from.fibre, all[current].fibre);
    } else {
      switch_fibres(from.fibre, own);
    }
  }

  // Has all that have not ended take a turn, from this one on, which has not.
  void turn(size_t first) {
    current = first;
    turning = true;
    threadIdx = all[first].thread;
    switch_fibres(own, all[first].fibre);
    turning = false;
  }

  void begin(Launch &call, Extent extent, bool from_the_last) {
    launch = &call;
    backwards = from_the_last;
    stray = false;
    size_t threads = (size_t)extent.x * extent.y * extent.z;
    while (all.size() < threads) {
      all.emplace_back();
      make_fibre(all.back().fibre, all.size(), live, this);
    }
    size_t at = 0;
    for (unsigned z = 0; z < extent.z; z++) {
      for (unsigned y = 0; y < extent.y; y++) {
        for (unsigned x = 0; x < extent.x; x++) {
          all[backwards ? threads - 1 - at : at].thread = {x, y, z};
          at++;
        }
      }
    }
  }

  bool block(size_t threads) {
    count = 1;
    ended = 0;
    all[0].ended = false;
    turn(0);
    if (ended == 1) {
      launch->others(backwards);
      return true;
    }
    count = threads;
    for (size_t i = 1; i < count; i++) {
      all[i].ended = false;
    }
    if (count > 1) {
      turn(1);
    }
    bool together = true;
    while (ended < count) {
      together &= ended == 0;
      size_t first = 0;
      while (all[first].ended) {
        first++;
      }
      turn(first);
    }
    return together;
  }
};

Runners &runners() {
  static thread_local Runners own;
  return own;
}
} // namespace

void stand_in_barrier() {
  Runners &all = *static_cast<Runners *>(stand_in_place.runners);
  if (all.turning) {
    all.hand_on();
  } else { // the first thread of the block has ended without it
    all.stray = true;
  }
}

bool run(Launch &launch, Extent grid, Extent extent, bool backwards) {
  Runners &all = runners();
  all.begin(launch, extent, backwards);
  stand_in_place.runners = &all;
  gridDim = grid;
  blockDim = extent;
  size_t threads = (size_t)extent.x * extent.y * extent.z;
  bool together = true;
  for (unsigned z = 0; z < grid.z; z++) {
    for (unsigned y = 0; y < grid.y; y++) {
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = backwards ? Extent{grid.x - 1 - x, grid.y - 1 - y, grid.z - 1 - z} : Extent{x, y, z};
        together &= all.block(threads);
      }
    }
  }
  return together && !all.stray;
}
