// Stand-in of cuBLASLt, beside the driver's: products in the plain way, and checks of all that is
// passed. What the library's documentation leaves open it does in the worst way: an algorithm that
// may add up in place does so in another order at every call.
#include "cublas.h"

#include <stdio.h>

using namespace cublas;

namespace {
std::set<void *> handles;
std::set<Layout *> layouts;
std::set<Description *> descriptions;
std::set<Preference *> preferences;
uint64_t refused = 0; // inner numbers of products that there is no algorithm for

Status invalid(const char *why) {
  fprintf(stderr, "stand-in cuBLASLt: %s\n", why);
  return INVALID;
}

template <typename T> Status set(T &field, const void *value, uint64_t bytes) {
  if (value == nullptr || bytes != sizeof field) {
    return invalid("an attribute has another size");
  }
  memcpy(&field, value, sizeof field);
  return OK;
}

template <typename T> Status destroy(std::set<T *> &all, T *one) {
  Lock lock(mutex);
  if (all.erase(one) == 0) {
    return invalid("something is destroyed that does not live");
  }
  counts["cublas live"]--;
  delete one;
  return OK;
}

template <typename T> Status made(std::set<T *> &all, T *one, T **to) {
  Lock lock(mutex);
  all.insert(one);
  counts["cublas live"]++;
  *to = one;
  return OK;
}

uint64_t mixed(uint64_t hash, uint64_t value) { return (hash ^ value) * 0x100000001b3; }

uint64_t fingerprint(const Description &d, std::initializer_list<const Layout *> all) {
  uint64_t hash = mixed(mixed(d.computeType, d.transposeA * 2 + d.transposeB), d.epilogue);
  for (const Layout *each : all) {
    hash = mixed(mixed(mixed(hash, each->rows), each->columns), each->leading);
    hash = mixed(mixed(hash, each->count), each->step);
  }
  return hash;
}

bool fits(const Description &d, const Layout &a, const Layout &b, const Layout &c) {
  uint64_t rows = d.transposeA ? a.columns : a.rows;
  uint64_t inner = d.transposeA ? a.rows : a.columns;
  uint64_t innerOfB = d.transposeB ? b.columns : b.rows;
  uint64_t columns = d.transposeB ? b.rows : b.columns;
  return rows == c.rows && columns == c.columns && inner == innerOfB && a.count == c.count &&
         b.count == c.count;
}
} // namespace

extern "C" {
size_t cublasLtGetVersion() { return 130100; }

// Has no algorithm for products of so many inner numbers, from now on.
void standInRefuse(long long inner) { refused = inner; }

Status cublasLtCreate(void **handle) {
  Lock lock(mutex);
  if (state() != SUCCESS) {
    return NOT_READY_YET;
  }
  *handle = new char;
  handles.insert(*handle);
  counts["cublas live"]++;
  return OK;
}

Status cublasLtDestroy(void *handle) {
  Lock lock(mutex);
  if (handles.erase(handle) == 0) {
    return invalid("a handle is destroyed that does not live");
  }
  counts["cublas live"]--;
  delete static_cast<char *>(handle);
  return OK;
}

Status cublasLtMatmulDescCreate(Description **to, int computeType, int scaleType) {
  if ((computeType != 68 && computeType != 75 && computeType != 77) || scaleType != FLOAT_TYPE) {
    return invalid("there are no such products of floats");
  }
  Description *one = new Description;
  one->computeType = computeType;
  return made(descriptions, one, to);
}

Status cublasLtMatmulDescDestroy(Description *one) { return destroy(descriptions, one); }

Status cublasLtMatmulDescSetAttribute(Description *one, int attribute, const void *value,
                                      size_t bytes) {
  switch (attribute) {
  case 3: return set(one->transposeA, value, bytes);
  case 4: return set(one->transposeB, value, bytes);
  case 7: return set(one->epilogue, value, bytes);
  case 8: return set(one->bias, value, bytes);
  default: return invalid("a description has no such attribute");
  }
}

Status cublasLtMatrixLayoutCreate(Layout **to, int type, uint64_t rows, uint64_t columns,
                                  int64_t leading) {
  if (type != FLOAT_TYPE || rows == 0 || columns == 0 || leading < (int64_t)rows ||
      rows > INT_MAX || columns > INT_MAX) {
    return invalid("a matrix cannot lie like that");
  }
  Layout *one = new Layout;
  one->rows = rows;
  one->columns = columns;
  one->leading = leading;
  return made(layouts, one, to);
}

Status cublasLtMatrixLayoutDestroy(Layout *one) { return destroy(layouts, one); }

Status cublasLtMatrixLayoutSetAttribute(Layout *one, int attribute, const void *value,
                                        size_t bytes) {
  switch (attribute) {
  case 5: return set(one->count, value, bytes);
  case 6: return set(one->step, value, bytes);
  default: return invalid("a layout has no such attribute");
  }
}

Status cublasLtMatmulPreferenceCreate(Preference **to) {
  return made(preferences, new Preference, to);
}

Status cublasLtMatmulPreferenceDestroy(Preference *one) { return destroy(preferences, one); }

Status cublasLtMatmulPreferenceSetAttribute(Preference *one, int attribute, const void *value,
                                            size_t bytes) {
  if (attribute >= 5 && attribute <= 8) {
    return set(one->alignments[attribute - 5], value, bytes);
  }
  switch (attribute) {
  case 1: return set(one->workspace, value, bytes);
  case 3: return set(one->reductions, value, bytes);
  default: return invalid("a preference has no such attribute");
  }
}

Status cublasLtMatmulAlgoGetHeuristic(void *handle, Description *d, Layout *a, Layout *b, Layout *c,
                                      Layout *out, Preference *preference, int wanted,
                                      Choice *choices, int *found) {
  Lock lock(mutex);
  *found = 0;
  if (handles.count(handle) == 0 || wanted < 1 || !fits(*d, *a, *b, *c) || !(*c == *out)) {
    return invalid("no algorithm is possible for what is asked");
  }
  uint64_t inner = d->transposeA ? a->rows : a->columns;
  counts["products chosen"]++;
  if (inner == refused) {
    return UNSUPPORTED;
  }
  Choice &choice = choices[0];
  memset(&choice, 0, sizeof choice);
  choice.algorithm.magic = MAGIC;
  choice.algorithm.shape = fingerprint(*d, {a, b, c});
  memcpy(choice.algorithm.alignments, preference->alignments, sizeof preference->alignments);
  choice.algorithm.inPlace = (preference->reductions & 1) != 0;
  bool split = (preference->reductions & 2) != 0 && inner > 32;
  split = split && preference->workspace >= WORKSPACE_NEEDED;
  choice.algorithm.workspace = split ? WORKSPACE_NEEDED : 0;
  choice.workspace = choice.algorithm.workspace;
  choice.waves = 1;
  *found = 1;
  return OK;
}

Status cublasLtMatmul(void *handle, Description *d, const float *factor, uint64_t atA, Layout *a,
                      uint64_t atB, Layout *b, const float *beta, uint64_t atC, Layout *c,
                      uint64_t atD, Layout *out, const Algorithm *algorithm, uint64_t workspace,
                      size_t workspaceBytes, uint64_t on) {
  Lock lock(mutex);
  auto stream = state() == SUCCESS ? stream_of(on) : nullptr;
  if (!stream || handles.count(handle) == 0) {
    return NOT_READY_YET;
  }
  if (algorithm == nullptr || algorithm->magic != MAGIC) {
    return invalid("an algorithm was not chosen by the library");
  }
  if (algorithm->shape != fingerprint(*d, {a, b, c})) {
    return invalid("an algorithm was chosen for another shape");
  }
  if (atC != atD || !(*c == *out)) {
    return invalid("the result is to lie elsewhere, which nobody has tried");
  }
  uint64_t addresses[] = {atA, atB, atC, atD};
  const Layout *lies[] = {a, b, c, out};
  for (int i = 0; i < 4; i++) {
    uint64_t alignment = algorithm->alignments[i];
    bool batch = lies[i]->count > 1;
    if (addresses[i] % alignment != 0 || (batch && lies[i]->step * 4 % alignment != 0)) {
      return invalid("a matrix begins at another address than the algorithm was chosen for");
    }
  }
  if (d->epilogue != 1 && (d->epilogue != 4 || d->bias % 16 != 0)) {
    return invalid("there is no such epilogue, or its bias begins at a bad address");
  }
  if (workspace % 256 != 0 || workspaceBytes < algorithm->workspace) {
    return invalid("the workspace begins at a bad address, or is too small");
  }
  Job job{stream->device, *d,     *a,        *b,         *c,      atA,
          atB,            atC,    workspace, *algorithm, *factor, *beta};
  ask(stream, {[=] { compute(job); }}, lock);
  return OK;
}
}
