// A kernel as the stand-in driver launches it: its parameters read by their types, its addresses
// made the host's, its threads run block by block.
#pragma once

#include "emulated.h"
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

// Finds the host's memory behind addresses of the device, and reports those that lie nowhere.
struct Addresses {
  virtual ~Addresses() = default;
  // Returns null for one that lies in no live allocation, after a line to standard error.
  virtual void *find(const void *address, const char *kernel, int parameter) = 0;
};

// A launch, with what was passed for its parameters.
struct Launch {
  virtual ~Launch() = default;
  // Makes the host's addresses of the device's; false if one lies nowhere.
  virtual bool find(Addresses &addresses, const char *kernel) = 0;
  // Runs the thread that threadIdx tells.
  virtual void thread() = 0;
  // Runs all threads of a block but the first, or but the last if backwards, one after the other.
  virtual void others(bool backwards) = 0;
};

// Runs all blocks of a grid, the first to the last and of each block the first thread to the last, or
// all backwards; false if some threads of a block came to a barrier and others did not.
bool run(Launch &launch, Extent grid, Extent block, bool backwards);

// Makes a kernel known under its name.
struct Registered {
  Registered(const char *name, Launch *(*read)(void **parameters));
};

template <auto KERNEL_FUNCTION> struct Kernel;

template <typename... P, void (*KERNEL_FUNCTION)(P...)> struct Kernel<KERNEL_FUNCTION> {
  struct Call final : Launch {
    std::tuple<std::remove_const_t<P>...> passed;

    template <typename T> static bool found(T &value, Addresses &addresses, const char *kernel, int at) {
      if constexpr (std::is_pointer_v<T>) {
        if (value != nullptr) {
          void *host = addresses.find(value, kernel, at);
          value = static_cast<T>(host);
          return host != nullptr;
        }
      }
      return true;
    }

    bool find(Addresses &addresses, const char *kernel) override {
      int at = 0;
      bool all = true;
      std::apply([&](auto &...value) { ((all = found(value, addresses, kernel, at++) && all), ...); },
                 passed);
      return all;
    }

    void thread() override { std::apply(KERNEL_FUNCTION, passed); }

    void others(bool backwards) override {
      const Extent last = {blockDim.x - 1, blockDim.y - 1, blockDim.z - 1};
      for (unsigned z = 0; z <= last.z; z++) {
        for (unsigned y = 0; y <= last.y; y++) {
          for (unsigned x = z == 0 && y == 0 ? 1 : 0; x <= last.x; x++) {
            threadIdx = backwards ? Extent{last.x - x, last.y - y, last.z - z} : Extent{x, y, z};
            std::apply(KERNEL_FUNCTION, passed);
          }
        }
      }
    }
  };

  static Launch *read(void **parameters) {
    Call *call = new Call;
    int at = 0;
    std::apply(
        [&](auto &...value) { (memcpy((void *)&value, parameters[at++], sizeof value), ...); },
        call->passed);
    return call;
  }
};
