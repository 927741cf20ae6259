// Sums over rows and over whole arrays, in two stages: blocks add up parts, then one row of blocks
// adds up what the parts gave. Which numbers a thread takes, and in which order, follows from the
// shapes alone. LINE threads in a block.
#include "kernels.h"

// Four sums side by side: their loads are under way at once, and each stays four times as short.
template <typename Sum, typename Number>
DEVICE Sum sum_of_every(whole from, whole step, whole until, Number number) {
  Sum a = 0;
  Sum b = 0;
  Sum c = 0;
  Sum d = 0;
  whole at = from;
  for (; at + 3 * step < until; at += 4 * step) {
    Sum first = number(at);
    Sum second = number(at + step);
    Sum third = number(at + 2 * step);
    Sum fourth = number(at + 3 * step);
    a += first;
    b += second;
    c += third;
    d += fourth;
  }
  for (; at < until; at += step) {
    a += number(at);
  }
  return (a + b) + (c + d);
}

DEVICE whole smaller(whole a, whole b) {
  return a < b ? a : b;
}

// Adds up matrix[rows][width] by columns. A block has `across` columns, a power of two of at most
// LINE, and one part of the rows; the block's other threads share those. Blocks count through the
// columns first, then through the parts.
// Writes sums[parts][width]; or adds to sums[width], if `more`: for one part only.
KERNEL(add_up)(
    const float *matrix,
    float *sums,
    whole rows,
    whole width,
    whole rows_of_part,
    int across,
    int more) {
  SHARED float room[LINE];
  int thread = threadIdx.x;
  int abreast = LINE / across;
  int own_row = thread / across;
  whole blocks_of_part = (width + across - 1) / across;
  whole part = blockIdx.x / blocks_of_part;
  whole column = (blockIdx.x - part * blocks_of_part) * across + (thread - own_row * across);
  whole from = part * rows_of_part;
  float sum = 0;
  if (column < width) {
    sum = sum_of_every<float>(
        from + own_row, abreast, smaller(rows, from + rows_of_part),
        [=](whole row) { return matrix[row * width + column]; });
  }
  room[thread] = sum;
  BARRIER();
  for (int half = abreast / 2; half > 0; half /= 2) {
    if (own_row < half) {
      room[thread] += room[thread + half * across];
    }
    BARRIER();
  }
  if (own_row == 0 && column < width) {
    float *place = sums + part * width + column;
    *place = more ? *place + room[thread] : room[thread];
  }
}

// Adds up the squares of each part of numbers[count], to sums[parts].
KERNEL(add_up_squares)(const float *numbers, float *sums, whole count, whole part) {
  SHARED float room[LINE];
  whole from = blockIdx.x * part;
  float own = sum_of_every<float>(
      from + threadIdx.x, LINE, smaller(count, from + part),
      [=](whole at) { return numbers[at] * numbers[at]; });
  float sum = sum_of_block(own, room);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
  }
}

// The same in double precision: `sums` has two floats' room for each.
KERNEL(add_up_squares_precisely)(const float *numbers, float *sums, whole count, whole part) {
  SHARED double room[LINE];
  whole from = blockIdx.x * part;
  double own = sum_of_every<double>(
      from + threadIdx.x, LINE, smaller(count, from + part),
      [=](whole at) { return (double)numbers[at] * (double)numbers[at]; });
  double sum = sum_of_block(own, room);
  if (threadIdx.x == 0) {
    ((double *)sums)[blockIdx.x] = sum;
  }
}

// Adds up doubles, in the room of two floats each, to one such. One block.
KERNEL(add_up_precisely)(const float *numbers, float *sum, whole count) {
  SHARED double room[LINE];
  double own = sum_of_every<double>(
      threadIdx.x, LINE, count, [=](whole at) { return ((const double *)numbers)[at]; });
  double all = sum_of_block(own, room);
  if (threadIdx.x == 0) {
    *(double *)sum = all;
  }
}
