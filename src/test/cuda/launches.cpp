// The driver's functions: streams, events, modules, launches, and words for errors.
#include "driver.h"

#include <stdio.h>

namespace {
const uint64_t MADE_HERE = 1 << 20; // no handle of CUDA's own is as large
uint64_t handles = MADE_HERE;

struct Function {
  std::string name;
  Launch *(*read)(void **);
};
std::map<uint64_t, Mark> events;
std::map<uint64_t, std::set<std::string>> modules;
std::map<uint64_t, Function *> functions;

Result invalid(const char *why, const std::string &kernel) {
  fprintf(stderr, "stand-in driver: kernel %s: %s\n", kernel.c_str(), why);
  return INVALID_VALUE;
}

// Names of the kernels that a PTX text declares.
std::set<std::string> entries(const std::string &text) {
  std::set<std::string> names;
  const std::string mark = ".entry ";
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    at += mark.size();
    names.insert(text.substr(at, text.find('(', at) - at));
  }
  return names;
}

void execute(std::shared_ptr<Launch> launch, std::string name, Extent grid, Extent block, int device) {
  bool backwards;
  {
    Lock lock(mutex);
    if (lost.count(device) != 0) {
      return;
    }
    counts["launches"]++;
    counts["launches " + name]++;
    if (orders.launchToLoseAt > 0 && --orders.launchToLoseAt == 0) {
      lose(device, LAUNCH_FAILED);
      return;
    }
    bool odd = counts["launches"] % 2 == 1;
    backwards = orders.direction < 0 || (orders.direction == 0 && odd);
    memory.running = device;
    if (!launch->find(memory, name.c_str())) {
      lose(device, ILLEGAL_ADDRESS);
      return;
    }
  }
  if (!run(*launch, grid, block, backwards)) {
    Lock lock(mutex);
    fprintf(stderr, "stand-in driver: kernel %s: some threads of a block came to a barrier alone\n",
            name.c_str());
    lose(device, LAUNCH_FAILED);
  }
}
} // namespace

std::map<std::string, Launch *(*)(void **)> &kernels() {
  static std::map<std::string, Launch *(*)(void **)> all;
  return all;
}

Registered::Registered(const char *name, Launch *(*read)(void **)) {
  if (!kernels().emplace(name, read).second) {
    fprintf(stderr, "stand-in driver: two kernels are called %s\n", name);
    abort();
  }
}

extern "C" {
Result cuStreamCreate(uint64_t *stream, unsigned) {
  Lock lock(mutex);
  Result now = state();
  if (now == SUCCESS) {
    *stream = ++handles;
    made_streams()[*stream] = new_stream(current_device);
    counts["streams"]++;
  }
  return now;
}

Result cuStreamDestroy_v2(uint64_t stream) {
  Lock lock(mutex);
  counts["streams"] -= (long long)made_streams().erase(stream);
  return SUCCESS;
}

Result cuStreamSynchronize(uint64_t handle) {
  Lock lock(mutex);
  Result now = state();
  auto stream = now == SUCCESS ? stream_of(handle) : nullptr;
  if (!stream) {
    return now == SUCCESS ? INVALID_HANDLE : now;
  }
  settle({stream, stream->asked}, lock);
  return state();
}

Result cuStreamWaitEvent(uint64_t handle, uint64_t event, unsigned) {
  Lock lock(mutex);
  Result now = state();
  auto stream = now == SUCCESS ? stream_of(handle) : nullptr;
  if (!stream || events.count(event) == 0) {
    return now == SUCCESS ? INVALID_HANDLE : now;
  }
  ask(stream, {nullptr, events[event]}, lock);
  return SUCCESS;
}

Result cuEventCreate(uint64_t *event, unsigned) {
  Lock lock(mutex);
  Result now = state();
  if (now == SUCCESS) {
    *event = ++handles;
    events[*event] = {};
    counts["events"]++;
  }
  return now;
}

Result cuEventDestroy_v2(uint64_t event) {
  Lock lock(mutex);
  counts["events"] -= (long long)events.erase(event);
  return SUCCESS;
}

Result cuEventRecord(uint64_t event, uint64_t handle) {
  Lock lock(mutex);
  Result now = state();
  auto stream = now == SUCCESS ? stream_of(handle) : nullptr;
  if (!stream || events.count(event) == 0) {
    return now == SUCCESS ? INVALID_HANDLE : now;
  }
  events[event] = {stream, stream->asked};
  return SUCCESS;
}

Result cuEventSynchronize(uint64_t event) {
  Lock lock(mutex);
  Result now = state();
  if (now == SUCCESS) {
    settle(Mark(events[event]), lock);
    now = state();
  }
  return now;
}

// Tells what is; who asks again and again finds one more piece of work done each time.
Result cuEventQuery(uint64_t event) {
  Lock lock(mutex);
  Result now = state();
  Mark mark = events[event];
  if (now != SUCCESS || !mark.stream || mark.stream->done >= mark.number) {
    return now;
  }
  settle({mark.stream, mark.stream->done + 1}, lock);
  return NOT_READY;
}

Result cuModuleLoadDataEx(uint64_t *module, const void *image, unsigned count, int *options, void **values) {
  Lock lock(mutex);
  Result now = state();
  if (now != SUCCESS) {
    return now;
  }
  std::string text(static_cast<const char *>(image));
  if (text.find(".version") == std::string::npos) {
    for (unsigned i = 0; i < count; i++) {
      if (options[i] == 5) { // the buffer for errors
        strcpy(static_cast<char *>(values[i]), "ptxas: Missing .version directive");
      }
    }
    return INVALID_PTX;
  }
  *module = ++handles;
  modules[*module] = entries(text);
  counts["modules"]++;
  return SUCCESS;
}

Result cuModuleUnload(uint64_t module) {
  Lock lock(mutex);
  settle_all(current_device, lock);
  counts["modules"] -= (long long)modules.erase(module);
  return SUCCESS;
}

Result cuModuleGetFunction(uint64_t *function, uint64_t module, const char *name) {
  Lock lock(mutex);
  Result now = state();
  if (now != SUCCESS) {
    return now;
  }
  auto known = kernels().find(name);
  if (orders.hidden.count(name) != 0 || modules[module].count(name) == 0 || known == kernels().end()) {
    return NOT_FOUND;
  }
  *function = ++handles;
  functions[*function] = new Function{name, known->second};
  return SUCCESS;
}

Result cuLaunchKernel(uint64_t handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                      unsigned blockY, unsigned blockZ, unsigned shared, uint64_t on, void **parameters,
                      void **) {
  Lock lock(mutex);
  Result now = state();
  if (now != SUCCESS) {
    return now;
  }
  auto stream = stream_of(on);
  auto found = functions.find(handle);
  if (!stream || found == functions.end()) {
    return INVALID_HANDLE;
  }
  const Function &function = *found->second;
  if (gridX == 0 || gridY == 0 || gridZ == 0 || gridX > INT_MAX || gridY > 65535 || gridZ > 65535) {
    return invalid("such a grid is not possible", function.name);
  }
  if (blockX == 0 || blockY == 0 || blockZ == 0 || blockZ > 64 ||
      (uint64_t)blockX * blockY * blockZ > 1024 || shared != 0) {
    return invalid("such a block is not possible", function.name);
  }
  std::shared_ptr<Launch> launch(function.read(parameters));
  std::string name = function.name;
  int device = stream->device;
  ask(stream, {[=] {
                 execute(launch, name, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, device);
               }},
      lock);
  return SUCCESS;
}

Result cuGetErrorName(Result result, const char **name) {
  static const std::map<int, const char *> names = {
      {1, "CUDA_ERROR_INVALID_VALUE"},     {2, "CUDA_ERROR_OUT_OF_MEMORY"},
      {3, "CUDA_ERROR_NOT_INITIALIZED"},   {100, "CUDA_ERROR_NO_DEVICE"},
      {101, "CUDA_ERROR_INVALID_DEVICE"},  {200, "CUDA_ERROR_INVALID_IMAGE"},
      {201, "CUDA_ERROR_INVALID_CONTEXT"}, {218, "CUDA_ERROR_INVALID_PTX"},
      {400, "CUDA_ERROR_INVALID_HANDLE"},  {500, "CUDA_ERROR_NOT_FOUND"},
      {600, "CUDA_ERROR_NOT_READY"},       {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
      {719, "CUDA_ERROR_LAUNCH_FAILED"}};
  auto found = names.find(result);
  *name = found == names.end() ? nullptr : found->second;
  return found == names.end() ? INVALID_VALUE : SUCCESS;
}

Result cuGetErrorString(Result, const char **words) {
  *words = "in the stand-in driver's words";
  return SUCCESS;
}
}
