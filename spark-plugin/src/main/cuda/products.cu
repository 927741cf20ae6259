// Matrix products: c = factor * a * b + beta * c + bias.
//
// A block computes one tile of c, going along the inner dimension in slices that it lays in shared
// memory; every thread holds a small block of the tile in registers. Each number of c is one sum,
// in ascending order of the inner dimension, whatever the tile. Where c has too few tiles to keep a
// GPU busy, the inner dimension is cut into parts whose sums `product_sum_of_parts` adds up in
// ascending order. a and b lie in any order that has a step of 1 along rows or columns; c lies row
// by row.
#include "kernels.h"

#ifdef __CUDACC__
#define MEMBER __device__ __forceinline__
#else
#define MEMBER inline
#endif

// Threads of a block.
#define THREADS 256
// Numbers that a thread reads at once from shared memory.
#define SIDE 4

struct alignas(4 * SIDE) side {
  float x, y, z, w;
};

// Where a thread's n-th row or column lies in the tile: in groups of SIDE, so that neighbouring
// threads read neighbouring numbers.
template <int own, int threads> DEVICE int spread(int thread, int n) {
  const int group = own < SIDE ? own : SIDE;
  return n / group * (threads * group) + thread * group + n % group;
}

// Reads a thread's `own` numbers of one line of shared memory.
template <int own, int threads> DEVICE void read(const float *line, int thread, float *to) {
  if (own % SIDE == 0) {
#pragma unroll
    for (int n = 0; n < own; n += SIDE) {
      side some = *(const side *)(line + spread<own, threads>(thread, n));
      to[n] = some.x;
      to[n + 1] = some.y;
      to[n + 2] = some.z;
      to[n + 3] = some.w;
    }
  } else {
#pragma unroll
    for (int n = 0; n < own; n++) {
      to[n] = line[spread<own, threads>(thread, n)];
    }
  }
}

// How one thread loads its share of the slices of one matrix: numbers at even steps.
template <int lines, int slice> struct share {
  static const int count = lines * slice / THREADS;
  const float *next;
  whole step;     // in memory, from a number to the next
  whole stride;   // in memory, from a slice to the next
  int line;       // of the tile
  int line_step;  // from a number to the next
  int inner;      // of the slice
  int inner_step; // likewise
  int limit;      // lines of the tile that are there
  float held[count];

  // `line_by`, `inner_by`: steps in memory along lines and along the inner dimension.
  MEMBER void begin(const float *matrix, whole line_by, whole inner_by, whole first,
                           whole all, whole from) {
    int thread = threadIdx.x;
    if (inner_by == 1) {
      inner = thread % slice;
      inner_step = 0;
      line = thread / slice;
      line_step = THREADS / slice;
    } else {
      line = thread % lines;
      line_step = 0;
      inner = thread / lines;
      inner_step = THREADS / lines;
    }
    step = line_step * line_by + inner_step * inner_by;
    stride = slice * inner_by;
    whole left = all - first;
    limit = left < lines ? (int)left : lines;
    next = matrix + (first + line) * line_by + (from + inner) * inner_by;
  }

  // Reads numbers of a slice of which `left` inner ones are there, and goes on to the next slice.
  MEMBER void load(whole left) {
#pragma unroll
    for (int n = 0; n < count; n++) {
      bool there = line + n * line_step < limit && inner + n * inner_step < left;
      held[n] = there ? next[n * step] : 0;
    }
    next += stride;
  }

  // Writes what was read to shared memory, the lines of an inner number side by side.
  MEMBER void store(float *room) {
#pragma unroll
    for (int n = 0; n < count; n++) {
      room[(inner + n * inner_step) * (lines + SIDE) + line + n * line_step] = held[n];
    }
  }
};

// Computes one tile [high, wide] with slices of `slice` inner numbers; a thread has [own_rows,
// own_columns] of it. Block numbers count columns of tiles fastest, then rows of tiles, then parts,
// then heads, then rows of the batch.
template <int high, int wide, int slice, int own_rows, int own_columns>
DEVICE void product(const float *a, const float *b, float *c, const float *bias, whole rows,
                    whole columns, whole inner, whole a_row, whole a_inner, whole b_inner,
                    whole b_column, whole c_row, whole bias_row, whole bias_column, float factor,
                    float beta, whole parts, whole part_inner, whole c_part, whole heads,
                    whole a_batch, whole a_head, whole b_batch, whole b_head, whole c_batch,
                    whole c_head, float *room_a, float *room_b) {
  const int across = wide / own_columns;
  const int down = high / own_rows;
  const int size_a = slice * (high + SIDE);
  const int size_b = slice * (wide + SIDE);
  whole tiles_across = (columns + wide - 1) / wide;
  whole tiles_down = (rows + high - 1) / high;
  whole block = blockIdx.x;
  whole first_column = block % tiles_across * wide;
  block /= tiles_across;
  whole first_row = block % tiles_down * high;
  block /= tiles_down;
  whole part = block % parts;
  block /= parts;
  whole head = block % heads;
  whole batch = block / heads;
  whole from = part * part_inner;
  whole to = from + part_inner < inner ? from + part_inner : inner;

  share<high, slice> of_a;
  share<wide, slice> of_b;
  of_a.begin(a + batch * a_batch + head * a_head, a_row, a_inner, first_row, rows, from);
  of_b.begin(b + batch * b_batch + head * b_head, b_column, b_inner, first_column, columns, from);
  int thread_across = threadIdx.x % across;
  int thread_down = threadIdx.x / across;
  float sums[own_rows][own_columns];
#pragma unroll
  for (int m = 0; m < own_rows; m++) {
#pragma unroll
    for (int n = 0; n < own_columns; n++) {
      sums[m][n] = 0;
    }
  }
  of_a.load(to - from);
  of_b.load(to - from);
  int turn = 0; // which half of the room; the other may still be read
  for (whole at = from; at < to; at += slice) {
    float *slice_a = room_a + turn * size_a;
    float *slice_b = room_b + turn * size_b;
    turn = 1 - turn;
    of_a.store(slice_a);
    of_b.store(slice_b);
    BARRIER();
    if (at + slice < to) {
      of_a.load(to - at - slice);
      of_b.load(to - at - slice);
    }
#pragma unroll 8
    for (int k = 0; k < slice; k++) {
      float column[own_rows];
      float line[own_columns];
read<own_rows, down>(slice_a + k * (high + SIDE), thread_down, column);
      read<own_columns, across>(slice_b + k * (wide + SIDE), thread_across, line);
#pragma unroll
      for (int m = 0; m < own_rows; m++) {
#pragma unroll
        for (int n = 0; n < own_columns; n++) {
          sums[m][n] += column[m] * line[n];
        }
      }
    }
  }
  c += part * c_part + batch * c_batch + head * c_head;
#pragma unroll
  for (int m = 0; m < own_rows; m++) {
    whole row = first_row + spread<own_rows, down>(thread_down, m);
#pragma unroll
    for (int n = 0; n < own_columns; n++) {
      whole at = first_column + spread<own_columns, across>(thread_across, n);
      if (row < rows && at < columns) {
        float *place = c + row * c_row + at;
        float number = factor * sums[m][n];
        if (beta != 0) {
          number += beta * *place;
        }
        if (bias) {
          number += bias[row * bias_row + at * bias_column];
        }
        *place = number;
      }
    }
  }
}

KERNEL(product_128x64)
(const float *a, const float *b, float *c, const float *bias, whole rows, whole columns,
 whole inner, whole a_row, whole a_inner, whole b_inner, whole b_column, whole c_row,
 whole bias_row, whole bias_column, float factor, float beta, whole parts, whole part_inner,
 whole c_part, whole heads, whole a_batch, whole a_head, whole b_batch, whole b_head,
 whole c_batch, whole c_head) {
  SHARED side room_a[2 * 8 * (128 + SIDE) / SIDE];
  SHARED side room_b[2 * 8 * (64 + SIDE) / SIDE];
  product<128, 64, 8, 8, 4>(a, b, c, bias, rows, columns, inner, a_row, a_inner, b_inner,
      b_column, c_row, bias_row, bias_column, factor, beta, parts, part_inner, c_part, heads,
      a_batch, a_head, b_batch, b_head, c_batch, c_head, (float *)room_a, (float *)room_b);
}

KERNEL(product_64x64)
(const float *a, const float *b, float *c, const float *bias, whole rows, whole columns,
 whole inner, whole a_row, whole a_inner, whole b_inner, whole b_column, whole c_row,
 whole bias_row, whole bias_column, float factor, float beta, whole parts, whole part_inner,
 whole c_part, whole heads, whole a_batch, whole a_head, whole b_batch, whole b_head,
 whole c_batch, whole c_head) {
  SHARED side room_a[2 * 16 * (64 + SIDE) / SIDE];
  SHARED side room_b[2 * 16 * (64 + SIDE) / SIDE];
  product<64, 64, 16, 4, 4>(a, b, c, bias, rows, columns, inner, a_row, a_inner, b_inner,
      b_column, c_row, bias_row, bias_column, factor, beta, parts, part_inner, c_part, heads,
      a_batch, a_head, b_batch, b_head, c_batch, c_head, (float *)room_a, (float *)room_b);
}

KERNEL(product_32x32)
(const float *a, const float *b, float *c, const float *bias, whole rows, whole columns,
 whole inner, whole a_row, whole a_inner, whole b_inner, whole b_column, whole c_row,
 whole bias_row, whole bias_column, float factor, float beta, whole parts, whole part_inner,
 whole c_part, whole heads, whole a_batch, whole a_head, whole b_batch, whole b_head,
 whole c_batch, whole c_head) {
  SHARED side room_a[2 * 32 * (32 + SIDE) / SIDE];
  SHARED side room_b[2 * 32 * (32 + SIDE) / SIDE];
  product<32, 32, 32, 2, 2>(a, b, c, bias, rows, columns, inner, a_row, a_inner, b_inner,
      b_column, c_row, bias_row, bias_column, factor, beta, parts, part_inner, c_part, heads,
      a_batch, a_head, b_batch, b_head, c_batch, c_head, (float *)room_a, (float *)room_b);
}

KERNEL(product_8x64)
(const float *a, const float *b, float *c, const float *bias, whole rows, whole columns,
 whole inner, whole a_row, whole a_inner, whole b_inner, whole b_column, whole c_row,
 whole bias_row, whole bias_column, float factor, float beta, whole parts, whole part_inner,
 whole c_part, whole heads, whole a_batch, whole a_head, whole b_batch, whole b_head,
 whole c_batch, whole c_head) {
  SHARED side room_a[2 * 32 * (8 + SIDE) / SIDE];
  SHARED side room_b[2 * 32 * (64 + SIDE) / SIDE];
  product<8, 64, 32, 2, 1>(a, b, c, bias, rows, columns, inner, a_row, a_inner, b_inner,
      b_column, c_row, bias_row, bias_column, factor, beta, parts, part_inner, c_part, heads,
      a_batch, a_head, b_batch, b_head, c_batch, c_head, (float *)room_a, (float *)room_b);
}

KERNEL(product_64x8)
(const float *a, const float *b, float *c, const float *bias, whole rows, whole columns,
 whole inner, whole a_row, whole a_inner, whole b_inner, whole b_column, whole c_row,
 whole bias_row, whole bias_column, float factor, float beta, whole parts, whole part_inner,
 whole c_part, whole heads, whole a_batch, whole a_head, whole b_batch, whole b_head,
 whole c_batch, whole c_head) {
  SHARED side room_a[2 * 32 * (64 + SIDE) / SIDE];
  SHARED side room_b[2 * 32 * (8 + SIDE) / SIDE];
  product<64, 8, 32, 2, 1>(a, b, c, bias, rows, columns, inner, a_row, a_inner, b_inner,
      b_column, c_row, bias_row, bias_column, factor, beta, parts, part_inner, c_part, heads,
      a_batch, a_head, b_batch, b_head, c_batch, c_head, (float *)room_a, (float *)room_b);
}
