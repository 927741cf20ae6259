// Switches of stacks: by a few instructions where we know them, else by the system, which is some
// ten times slower.
#include "fibre.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

namespace {
const size_t STACK = 128 << 10;

// What all stacks have at one place would share a few lines of the cache.
size_t shift(size_t number) { return number % 61 * 1088; }

void take(Fibre &fibre) {
  void *memory = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("stand-in driver: no memory for a stack");
    abort();
  }
  fibre.memory = static_cast<char *>(memory);
}
} // namespace

void free_stack(Fibre &fibre) { munmap(fibre.memory, STACK); }

#if defined(__x86_64__)
extern "C" void stand_in_switch(void **from, void *to);
extern "C" void stand_in_begin();

// Keeps what a function must keep, and takes up the other stack.
asm(R"(
.text
.type stand_in_switch, @function
stand_in_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.type stand_in_begin, @function
stand_in_begin:
  movq %r12, %rdi
  callq *%r13
  ud2
)");

void make_fibre(Fibre &fibre, size_t number, void (*function)(void *), void *argument) {
  take(fibre);
  // r15, r14, r13, r12, rbx, rbp, where to return to; then a stack at a multiple of 16
  uintptr_t top = ((uintptr_t)fibre.memory + STACK - shift(number)) & ~(uintptr_t)15;
  void **place = (void **)top - 9;
  memset(place, 0, 9 * sizeof *place);
  place[2] = (void *)function;
  place[3] = argument;
  place[6] = (void *)stand_in_begin;
  fibre.place = place;
}

void switch_fibres(Fibre &from, Fibre &to) { stand_in_switch(&from.place, to.place); }
#else
#include <ucontext.h>

void make_fibre(Fibre &fibre, size_t number, void (*function)(void *), void *argument) {
  take(fibre);
  ucontext_t *context = new ucontext_t;
  getcontext(context);
  context->uc_stack.ss_sp = fibre.memory;
  context->uc_stack.ss_size = STACK - shift(number);
  context->uc_link = nullptr;
  makecontext(context, (void (*)())function, 1, argument);
  fibre.place = context;
}

void switch_fibres(Fibre &from, Fibre &to) {
  if (from.place == nullptr) {
    from.place = new ucontext_t;
  }
  swapcontext((ucontext_t *)from.place, (ucontext_t *)to.place);
}
#endif
