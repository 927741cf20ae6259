// Functions of single numbers that more than one file uses.
#pragma once

#include <math.h>

#include "kernels.h"

// Where exp overflows it is 0, as it should.
DEVICE float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// The derivative of sigmoid, from its value.
DEVICE float slope_of_sigmoid(float y) { return y * (1 - y); }

// The derivative of tanh, from its value.
DEVICE float slope_of_tanh(float y) { return 1 - y * y; }

// How often a number goes into a place: places below 2^31 take the quicker division.
DEVICE whole quotient(whole place, whole by) {
  return ((place | by) >> 31) == 0 ? (whole)((unsigned)place / (unsigned)by) : place / by;
}
