// Kernels for tests of the driver's binding alone.
#include "kernels.h"

// One parameter of each type: numbers[i] = numbers[i] * factor + shift + ids[i], if `flag`.
KERNEL(trial_scale)(float *numbers, const int *ids, whole count, int flag, float factor, double shift) {
  whole i = PLACE;
  if (i < count) {
    numbers[i] = (float)(numbers[i] * factor + shift) + (flag ? ids[i] : 0);
  }
}

// Adds up rows[count][width], one block of LINE threads a row.
KERNEL(trial_sum)(const float *rows, float *sums, whole width) {
  SHARED float room[LINE];
  float own = 0;
  for (whole i = threadIdx.x; i < width; i += LINE) {
    own += rows[blockIdx.x * width + i];
  }
  float sum = sum_of_block(own, room);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
  }
}

// Has one thread of a block come to a barrier alone.
KERNEL(trial_alone)(float *numbers) {
  if (threadIdx.x == 1) {
    BARRIER();
  }
  numbers[threadIdx.x] = 1;
}

// Writes beside what it was given.
KERNEL(trial_beside)(float *numbers, whole count) {
  if (threadIdx.x == 0) {
    numbers[count] = 1;
  }
}

// Turns a block of LINE numbers round, and lacks the barrier that it needs.
KERNEL(trial_race)(float *numbers) {
  SHARED float room[LINE];
  room[threadIdx.x] = numbers[threadIdx.x];
  numbers[threadIdx.x] = room[LINE - 1 - threadIdx.x];
}
