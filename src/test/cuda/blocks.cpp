// Blocks of threads. The first thread of a block runs in a fibre; if it ends without a barrier, all
// others are run as a plain loop. Otherwise each has a fibre of its own, and they take turns from
// barrier to barrier.
#include "fibre.h"
#include "kernel.h"

#include <vector>

__thread Place stand_in_place;

namespace {
// A thread of a block, in a fibre that lives on from block to block.
struct Runner {
  Fibre fibre;
  bool ended = true;
  Extent thread;
};

// The runners of one system thread.
struct Runners {
  std::vector<Runner *> all;
  Runner *current = nullptr;
  Launch *launch = nullptr;
  bool stray = false;
  Fibre own; // the system thread's own stack

  ~Runners() {
    for (Runner *each : all) {
      free_stack(each->fibre);
      delete each;
    }
  }

  // Where a runner lives: it runs one thread after the other, whenever it is gone on with.
  static void live(void *its) {
    Runners &runners = *static_cast<Runners *>(its);
    for (;;) {
      runners.launch->thread();
      runners.current->ended = true;
      switch_fibres(runners.current->fibre, runners.own);
    }
  }

  void grow(size_t count) {
    while (all.size() < count) {
      Runner *made = new Runner;
      make_fibre(made->fibre, all.size(), live, this);
      all.push_back(made);
    }
  }

  // Runs one until it ends or comes to a barrier.
  void go_on(Runner &runner) {
    current = &runner;
    threadIdx = runner.thread;
    switch_fibres(own, runner.fibre);
    current = nullptr;
  }

  void begin(size_t number, Extent thread) {
    Runner &runner = *all[number];
    runner.thread = thread;
    runner.ended = false;
    go_on(runner);
  }

  bool block(Launch &call) {
    begin(0, {0, 0, 0});
    if (all[0]->ended) {
      call.others();
      return true;
    }
    Extent extent = blockDim;
    size_t count = 1;
    for (unsigned z = 0; z < extent.z; z++) {
      for (unsigned y = 0; y < extent.y; y++) {
        for (unsigned x = z == 0 && y == 0 ? 1 : 0; x < extent.x; x++) {
          begin(count++, {x, y, z});
        }
      }
    }
    bool together = true;
    for (;;) {
      size_t waiting = 0;
      for (size_t i = 0; i < count; i++) {
        waiting += !all[i]->ended;
      }
      if (waiting == 0) {
        return together;
      }
      together &= waiting == count;
      for (size_t i = 0; i < count; i++) {
        if (!all[i]->ended) {
          go_on(*all[i]);
        }
      }
    }
  }
};

Runners &runners() {
  static thread_local Runners own;
  return own;
}
} // namespace

void stand_in_barrier() {
  Runners &all = runners();
  if (all.current == nullptr) { // the first thread of the block has ended without it
    all.stray = true;
    return;
  }
  switch_fibres(all.current->fibre, all.own);
}

bool run(Launch &launch, Extent grid, Extent extent) {
  Runners &all = runners();
  all.grow((size_t)extent.x * extent.y * extent.z);
  all.launch = &launch;
  all.stray = false;
  gridDim = grid;
  blockDim = extent;
  bool together = true;
  for (unsigned z = 0; z < grid.z; z++) {
    for (unsigned y = 0; y < grid.y; y++) {
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = {x, y, z};
        together &= all.block(launch);
      }
    }
  }
  all.launch = nullptr;
  return together && !all.stray;
}
