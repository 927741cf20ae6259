package io.penstock.compute;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Cache of compiled kernels by shape: a kernel's first use costs a millisecond. For one thread. */
public final class Kernels {
  /**
   * Kernels that are kept, more than any network has; where every micro-batch has a length of its
   * own, those that were used last.
   */
  private static final int MOST = 1024;

  /**
   * Factory of a kernel for the numbers that tell it from others of its kind. Called on the thread
   * that asks for the kernel.
   */
  @FunctionalInterface
  public interface Compiler<T> {
    /** Compiles a kernel. */
    T compile(long first, long second, long third, long fourth);
  }

  /** Key of a kernel: its kind and up to four numbers. */
  private static final class Numbered {
    private Class<?> kind;
    private long first;
    private long second;
    private long third;
    private long fourth;

    private Numbered set(Class<?> newKind, long a, long b, long c, long d) {
      kind = newKind;
      first = a;
      second = b;
      third = c;
      fourth = d;
      return this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Numbered that
          && kind == that.kind
          && first == that.first
          && second == that.second
          && third == that.third
          && fourth == that.fourth;
    }

    @Override
    public int hashCode() {
      long numbers = ((first * 31 + second) * 31 + third) * 31 + fourth;
      return 31 * kind.hashCode() + Long.hashCode(numbers);
    }
  }

  /** The key that is asked for, set for each look-up. */
  private final Numbered asked = new Numbered();

  private final Map<Object, Object> made =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Returns the kernel of this key, a record that no other kind of kernel has; compiled if there is
   * none yet.
   */
  @SuppressWarnings("unchecked") // a key's type tells its kernel's
  public <K, T> T get(K key, Function<K, T> compile) {
    T kernel = (T) made.get(key);
    if (kernel == null) {
      kernel = compile.apply(key);
      made.put(key, kernel);
    }
    return kernel;
  }

  /**
   * Returns the kernel of a kind for these numbers, sizes above all; compiled if there is none yet.
   * For what every micro-batch asks for: a look-up leaves no key on the heap.
   *
   * @param compile the same for all of a kind
   */
  public <T> T get(
      Class<T> kind, long first, long second, long third, long fourth, Compiler<T> compile) {
    Object kernel = made.get(asked.set(kind, first, second, third, fourth));
    if (kernel == null) {
      kernel = compile.compile(first, second, third, fourth);
      made.put(new Numbered().set(kind, first, second, third, fourth), kernel);
    }
    return kind.cast(kernel);
  }

  /** Forgets all kernels. */
  public void clear() {
    made.clear();
  }
}
