package io.penstock.compute.cuda;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * cuDNN's plans by shape, each for all pictures of it or for some at a time. They follow from the
 * shape alone. For one thread.
 */
final class CudnnPlans {
  /** Shapes that are kept, more than any network has; those that were used last. */
  private static final int MOST = 1024;

  private final long most;
  private final Map<CudnnShape, List<CudnnPlan>> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CudnnShape, List<CudnnPlan>> eldest) {
          if (size() > MOST) {
            free(eldest.getValue());
            return true;
          }
          return false;
        }
      };

  /**
   * @param most bytes of workspace that a plan may need
   */
  CudnnPlans(long most) {
    this.most = most;
  }

  /**
   * Returns plans for pictures from the first to the last, some of which may be the same one; none
   * where the library cannot do it.
   */
  List<CudnnPlan> get(long handle, CudnnShape shape) {
    List<CudnnPlan> known = kept.get(shape);
    if (known == null) {
      known = shape.isEven() && shape.pictures() > 0 ? plan(handle, shape) : List.of();
      kept.put(shape, known);
    }
    return known.stream().allMatch(CudnnPlan::isPossible) ? known : List.of();
  }

  /** Plans for all pictures at once if that is not too much, else for either half of them. */
  private List<CudnnPlan> plan(long handle, CudnnShape shape) {
    if (shape.isCountable()) {
      CudnnPlan whole = new CudnnPlan(handle, shape);
      if (whole.isPossible() && whole.workspaceBytes() <= most) {
        return List.of(whole);
      }
      whole.free();
      if (!whole.isPossible()) {
        return List.of();
      }
    }
    long rest = shape.pictures() / 2;
    if (rest == 0) {
      return List.of();
    }
    List<CudnnPlan> first = plan(handle, shape.of(shape.pictures() - rest));
    if (first.isEmpty()) {
      return first;
    }
    List<CudnnPlan> all = new ArrayList<>(first);
    List<CudnnPlan> second = rest == shape.pictures() - rest ? first : plan(handle, shape.of(rest));
    if (second.isEmpty()) {
      free(first);
      return second;
    }
    all.addAll(second);
    return all;
  }

  private static void free(List<CudnnPlan> plans) {
    new HashSet<>(plans).forEach(CudnnPlan::free);
  }

  void clear() {
    kept.values().forEach(CudnnPlans::free);
    kept.clear();
  }
}
