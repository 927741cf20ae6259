package io.penstock.launch;

import io.penstock.Internal;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.io.Writable;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Java-serialized value on its way between driver and executors. What Spark's own serializer moves,
 * results of tasks and broadcasts, may go through Kryo ({@code spark.serializer}), which cannot
 * carry records, and with {@code spark.kryo.registrationRequired} carries no class that Spark has
 * not registered. Thread-safe.
 *
 * @param <T> the value, serializable
 */
@Internal
public final class JavaSerialized<T> implements Writable {
  private static final ClassTag<Object> OBJECT = ClassTag$.MODULE$.apply(Object.class);

  private byte[] bytes;
  private volatile T value;

  /** Makes an empty one, which {@link #readFields} fills. */
  private JavaSerialized() {}

  private JavaSerialized(T value) {
    this.bytes = bytes(value);
  }

  /**
   * Broadcasts a value as it is now. Hadoop's writables go through Kryo in a class of Spark's that
   * is registered always.
   */
  public static <T> Broadcast<SerializableWritable<JavaSerialized<T>>> broadcast(
      SparkContext context, T value) {
    return new JavaSparkContext(context)
        .broadcast(new SerializableWritable<>(new JavaSerialized<>(value)));
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    bytes = new byte[in.readInt()];
    in.readFully(bytes);
  }

  /** Returns the value, the same object to all callers in a process. */
  @SuppressWarnings("unchecked") // what was taken in
  public T value() {
    T known = value;
    if (known == null) {
      synchronized (this) {
        known = value == null ? (T) value(bytes) : value;
        value = known;
      }
    }
    return known;
  }

  /** Returns a value as Spark's closure serializer, which is Java's, writes it. */
  public static byte[] bytes(Object value) {
    ByteBuffer encoded = SparkEnv.get().closureSerializer().newInstance().serialize(value, OBJECT);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  /**
   * Returns the value that {@link #bytes} wrote, its classes found by this thread's class loader.
   */
  public static Object value(byte[] bytes) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return SparkEnv.get()
        .closureSerializer()
        .newInstance()
        .deserialize(ByteBuffer.wrap(bytes), loader, OBJECT);
  }
}
