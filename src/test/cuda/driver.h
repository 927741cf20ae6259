// What the files of the stand-in's functions share.
#pragma once

#include "state.h"

extern thread_local int current_device;
extern bool initialized;

// Why this thread's calls fail; SUCCESS if they do not.
Result state();
// Makes a device useless for all calls from now on, unless the result is SUCCESS.
void lose(int device, Result result);
std::map<uint64_t, std::shared_ptr<Stream>> &made_streams();
