// Blocks of threads. The first thread of a block runs in a fibre; if it ends without a barrier, all
// others are run as a plain loop. Otherwise each has a fibre of its own, and they take turns from
// barrier to barrier.
#include "kernel.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <vector>

__thread Extent threadIdx, blockIdx, blockDim, gridDim;

namespace {
const size_t STACK = 128 << 10;

struct Fibre {
  char *stack;
  jmp_buf here;
  bool started = false;
  bool ended = true;
  Extent thread;
};

// The fibres of one system thread. Once begun, they are switched to by longjmp, which asks nothing
// of the system.
struct Fibres {
  std::vector<Fibre *> all;
  Fibre *current = nullptr;
  Launch *launch = nullptr;
  bool stray = false;
  jmp_buf runner;

  ~Fibres() {
    for (Fibre *each : all) {
      munmap(each->stack, STACK);
      delete each;
    }
  }

  Fibre *at(size_t number) {
    while (all.size() <= number) {
      Fibre *made = new Fibre;
      void *stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (stack == MAP_FAILED) {
        perror("stand-in driver: no memory for a fibre");
        abort();
      }
      made->stack = static_cast<char *>(stack);
      all.push_back(made);
    }
    return all[number];
  }
};

Fibres &fibres() {
  static thread_local Fibres own;
  return own;
}

// Where a fibre lives: it runs one thread after the other, whenever it is gone on with.
void live() {
  for (;;) {
    Fibres &own = fibres();
    own.launch->thread();
    Fibre *self = own.current;
    self->ended = true;
    if (_setjmp(self->here) == 0) {
      _longjmp(own.runner, 1);
    }
  }
}

// Runs a fibre until it ends or comes to a barrier.
void go_on(Fibres &own, Fibre *fibre) {
  own.current = fibre;
  threadIdx = fibre->thread;
  if (_setjmp(own.runner) == 0) {
    if (fibre->started) {
      _longjmp(fibre->here, 1);
    }
    fibre->started = true;
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = fibre->stack;
    context.uc_stack.ss_size = STACK;
    context.uc_link = nullptr;
    makecontext(&context, live, 0);
    setcontext(&context);
  }
  own.current = nullptr;
}

void begin(Fibres &own, size_t number, Extent thread) {
  Fibre *fibre = own.at(number);
  fibre->thread = thread;
  fibre->ended = false;
  go_on(own, fibre);
}

bool block(Fibres &own, Launch &launch) {
  begin(own, 0, {0, 0, 0});
  if (own.all[0]->ended) {
    launch.others();
    return true;
  }
  size_t count = 1;
  for (unsigned z = 0; z < blockDim.z; z++) {
    for (unsigned y = 0; y < blockDim.y; y++) {
      for (unsigned x = z == 0 && y == 0 ? 1 : 0; x < blockDim.x; x++) {
        begin(own, count++, {x, y, z});
      }
    }
  }
  bool together = true;
  for (;;) {
    size_t waiting = 0;
    for (size_t i = 0; i < count; i++) {
      waiting += !own.all[i]->ended;
    }
    if (waiting == 0) {
      return together;
    }
    together &= waiting == count;
    for (size_t i = 0; i < count; i++) {
      if (!own.all[i]->ended) {
        go_on(own, own.all[i]);
      }
    }
  }
}
} // namespace

void stand_in_barrier() {
  Fibres &own = fibres();
  Fibre *self = own.current;
  if (self == nullptr) { // the first thread of the block has ended without it
    own.stray = true;
    return;
  }
  if (_setjmp(self->here) == 0) {
    _longjmp(own.runner, 1);
  }
}

bool run(Launch &launch, Extent grid, Extent extent) {
  Fibres &own = fibres();
  own.launch = &launch;
  own.stray = false;
  gridDim = grid;
  blockDim = extent;
  bool together = true;
  for (unsigned z = 0; z < grid.z; z++) {
    for (unsigned y = 0; y < grid.y; y++) {
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = {x, y, z};
        together &= block(own, launch);
      }
    }
  }
  own.launch = nullptr;
  return together && !own.stray;
}
