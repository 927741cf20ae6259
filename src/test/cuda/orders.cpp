// What tests ask of the stand-in driver, and order.
#include "driver.h"

namespace {
const int MOST_DEVICES = 8; // that a test opens
}

extern "C" {
long long standInCount(const char *what) {
  Lock lock(mutex);
  std::string name(what);
  if (name == "live" || name == "bytes") {
    size_t all = 0;
    for (int device = 0; device < MOST_DEVICES; device++) {
      all += name == "live" ? memory.count(device) : memory.bytes(device);
    }
    return (long long)all;
  }
  for (int device = 0; device < MOST_DEVICES; device++) {
    if (name == "live " + std::to_string(device)) {
      return (long long)memory.count(device);
    }
  }
  if (name == "locked") {
    return (long long)locked.size();
  }
  return counts[name];
}

// Returns false for an order that there is not.
int standInOrder(const char *what, long long value) {
  Lock lock(mutex);
  std::string name(what);
  long long *numbers[] = {&orders.allocationToFail, &orders.launchToLoseAt, &orders.capability,
                          &orders.devices, &orders.memory, &orders.direction};
  const char *names[] = {"failAllocation", "loseAtLaunch", "capability", "devices", "memory", "direction"};
  for (int i = 0; i < 6; i++) {
    if (name == names[i]) {
      *numbers[i] = value;
      return 1;
    }
  }
  if (name == "eager") {
    orders.eager = value != 0;
    return 1;
  }
  return 0;
}

void standInHide(const char *kernel) {
  Lock lock(mutex);
  orders.hidden.insert(kernel);
}

// Forgets what was ordered, lost and counted; what is allocated stays.
void standInReset() {
  Lock lock(mutex);
  orders = Orders();
  lost.clear();
  counts["peak"] = 0;
  for (auto &each : counts) {
    if (each.first.rfind("launches", 0) == 0) {
      each.second = 0;
    }
  }
}
}
