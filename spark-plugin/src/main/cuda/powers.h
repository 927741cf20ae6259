// The powers of e of a row's numbers, each less the largest, added up in one pass over memory
// (online softmax, Milakov and Gimelshein 2018, arXiv 1805.02867).
#pragma once

#include <math.h>

#include "teams.h"

// Of the numbers seen so far. T is what they are added up in.
template <typename T> struct Powers {
  float largest;
  T sum;
};

template <typename T> DEVICE Powers<T> no_powers() {
  Powers<T> none = {-INFINITY, 0};
  return none;
}

template <typename T> DEVICE void take(Powers<T> &powers, float number) {
  if (number > powers.largest) {
    powers.sum = powers.sum * expf(powers.largest - number) + 1;
    powers.largest = number;
  } else if (number != -INFINITY) {
    powers.sum += expf(number - powers.largest); // also of what is not a number
  }
}

// Adds up those of a team. The sum is not a number if one of the row's is not, if the largest is
// infinite, or all are infinite below zero: so it is where the largest is known before.
template <typename T>
DEVICE Powers<T> of_team(Powers<T> own, float *room, T *sums, int team) {
  Powers<T> all;
  all.largest = largest_of_team(own.largest, room, team);
  all.sum = sum_of_team(own.sum * (T)expf(own.largest - all.largest), sums, team);
  return all;
}
