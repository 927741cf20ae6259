// Teams of threads that share a row: wide rows take a whole block, and narrow ones a part of it.
//
// A team is a power of two of threads that lie side by side in a block, up to LARGEST_TEAM: then
// each may have 128 registers, whatever compiles it. Its size follows from the row's width alone.
// Of a row, a thread takes the number at its place and from there on every one that is a team's
// size further. Threads whose row is beyond the last take none, and wait at each barrier as all do.
#pragma once

#include "kernels.h"

#define LARGEST_TEAM 512

// The row of this thread's team, and the thread's place in the team.
#define TEAM_ROW(team) ((whole)blockIdx.x * (blockDim.x / (team)) + threadIdx.x / (team))
#define TEAM_PLACE(team) ((int)(threadIdx.x & ((team)-1)))

// Adds up what each thread of a team has, in a fixed order; every thread gets the sum. `room` is
// SHARED and of LARGEST_TEAM numbers; it may be used again after the call.
template <typename T> DEVICE T sum_of_team(T own, T *room, int team) {
  int place = TEAM_PLACE(team);
  room[threadIdx.x] = own;
  BARRIER();
  for (int half = team / 2; half > 0; half /= 2) {
    if (place < half) {
      room[threadIdx.x] += room[threadIdx.x + half];
    }
    BARRIER();
  }
  T sum = room[threadIdx.x - place];
  BARRIER();
  return sum;
}

// The largest of what each thread of a team has; every thread gets it.
template <typename T> DEVICE T largest_of_team(T own, T *room, int team) {
  int place = TEAM_PLACE(team);
  room[threadIdx.x] = own;
  BARRIER();
  for (int half = team / 2; half > 0; half /= 2) {
    if (place < half && room[threadIdx.x + half] > room[threadIdx.x]) {
      room[threadIdx.x] = room[threadIdx.x + half];
    }
    BARRIER();
  }
  T largest = room[threadIdx.x - place];
  BARRIER();
  return largest;
}
