// Sums over the rows and points of each channel of [rows, channels, points], in two stages. In the
// first, a block adds up one chunk: of columns, all numbers at one place of a row, if there are few
// points; of runs, all numbers of a channel, if there are many. Side by side, its threads read what
// lies side by side. In the second, the sums of all chunks are added up. How many chunks there are
// follows from the shape alone.
//
// Parts are [chunks, COUNT, channels, points]; those of runs have one point.
#pragma once

#include "functions.h"

// Sums of one thread: a kernel has one or two.
struct Two {
  float first;
  float second;
};

// For blocks of LINE threads, so many columns in x and chunks of `each` rows in y.
template <int COUNT, typename Term>
DEVICE void add_columns(Term term, float *parts, whole rows, whole channels, whole points,
                        whole each) {
  SHARED float room[COUNT][LINE];
  whole columns = channels * points;
  whole column = (whole)blockIdx.x * blockDim.x + threadIdx.x;
  whole first = blockIdx.y * each;
  whole end = first + each < rows ? first + each : rows;
  Two sums = {0, 0};
  if (column < columns) {
    begin(term, quotient(column, points));
    for (whole row = first + threadIdx.y; row < end; row += blockDim.y) {
      add(term, row, row * columns + column, sums);
    }
  }
  int own = threadIdx.y * blockDim.x + threadIdx.x;
  room[0][own] = sums.first;
  if (COUNT > 1) {
    room[COUNT - 1][own] = sums.second;
  }
  BARRIER();
  for (int half = blockDim.y / 2; half > 0; half /= 2) {
    if (threadIdx.y < half) {
      for (int i = 0; i < COUNT; i++) {
        room[i][own] += room[i][own + half * blockDim.x];
      }
    }
    BARRIER();
  }
  if (threadIdx.y == 0 && column < columns) {
    for (int i = 0; i < COUNT; i++) {
      parts[(blockIdx.y * (whole)COUNT + i) * columns + column] = room[i][own];
    }
  }
}

// For blocks of LINE threads, a channel in x and chunks of `each` of its numbers in y.
template <int COUNT, typename Term>
DEVICE void add_runs(Term term, float *parts, whole rows, whole channels, whole points,
                     whole each) {
  SHARED float room[LINE];
  whole channel = blockIdx.x;
  whole all = rows * points;
  whole first = blockIdx.y * each;
  whole end = first + each < all ? first + each : all;
  whole row = quotient(first + threadIdx.x, points);
  whole point = first + threadIdx.x - row * points;
  whole rows_further = LINE / points;
  whole points_further = LINE - rows_further * points;
  Two sums = {0, 0};
  begin(term, channel);
  for (whole i = first + threadIdx.x; i < end; i += LINE) {
    add(term, row, (row * channels + channel) * points + point, sums);
    row += rows_further;
    point += points_further;
    if (point >= points) {
      point -= points;
      row++;
    }
  }
  whole part = (whole)blockIdx.y * COUNT * channels + channel;
  float sum = sum_of_block(sums.first, room);
  if (threadIdx.x == 0) {
    parts[part] = sum;
  }
  if (COUNT > 1) {
    sum = sum_of_block(sums.second, room);
    if (threadIdx.x == 0) {
      parts[part + channels] = sum;
    }
  }
}
