package io.penstock.launch;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * A value on its way between driver and executors, as Java serializes it. What Spark's own
 * serializer moves, results of tasks and broadcasts, may go through Kryo ({@code
 * spark.serializer}), which cannot carry records. Thread-safe.
 *
 * @param <T> the value, serializable
 */
public final class Carried<T> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<Object> OBJECT = ClassTag$.MODULE$.apply(Object.class);

  private final byte[] bytes;
  private transient volatile T value;

  /** Takes the value in, as it is now. */
  public Carried(T value) {
    this.bytes = bytes(value);
  }

  /** Returns the value: the same one to all callers in a process. */
  @SuppressWarnings("unchecked") // what was taken in
  public T value() {
    T known = value;
    if (known == null) {
      synchronized (bytes) {
        known = value == null ? (T) value(bytes) : value;
        value = known;
      }
    }
    return known;
  }

  static byte[] bytes(Object value) {
    ByteBuffer encoded = SparkEnv.get().closureSerializer().newInstance().serialize(value, OBJECT);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  static Object value(byte[] bytes) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return SparkEnv.get()
        .closureSerializer()
        .newInstance()
        .deserialize(ByteBuffer.wrap(bytes), loader, OBJECT);
  }
}
