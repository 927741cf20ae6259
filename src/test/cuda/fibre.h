// Stacks that one system thread changes between.
#pragma once

#include <stddef.h>

struct Fibre {
  void *place = nullptr; // of the stack, while another runs
  char *memory = nullptr;
};

// Makes a stack on which a function runs that never returns; `number` tells it from others.
void make_fibre(Fibre &fibre, size_t number, void (*function)(void *), void *argument);
void free_stack(Fibre &fibre);
// Leaves one, which goes on from here when it is next switched to, for another.
void switch_fibres(Fibre &from, Fibre &to);
