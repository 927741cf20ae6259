package io.penstock.launch.job;

import io.penstock.launch.JavaSerialized;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.util.RpcUtils;
import scala.PartialFunction;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * RPC endpoint on the driver that receives the ranks' messages, on Spark's own RPC: no port of
 * ours, Spark's authentication and encryption. Thread-safe. Messages go as byte arrays, since the
 * RPC layer does not know the class loader of jars that were added by {@code --jars}.
 */
final class DriverEndpoint implements RpcEndpoint, AutoCloseable {
  private static final byte[] HEARD = {};
  private static final byte[] COMPLETE = {1};
  private static final ClassTag<Object> OBJECT = ClassTag$.MODULE$.apply(Object.class);

  private final SparkEnv env = SparkEnv.get();
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final RunMonitor monitor;
  private final Rendezvous rendezvous;
  private final Predicate<CheckpointPart> checkpoints;
  private final Function<Pulse, PulseReply> pulses;
  private final Runnable heard;
  private final RpcEndpointRef self;

  /**
   * Opens the endpoint.
   *
   * @param checkpoints takes ranks' parts of checkpoints, and says whether one is complete
   * @param pulses takes a pulse and returns the reply
   * @param heard run after the monitor has taken a message
   */
  DriverEndpoint(
      String name,
      RunMonitor monitor,
      Rendezvous rendezvous,
      Predicate<CheckpointPart> checkpoints,
      Function<Pulse, PulseReply> pulses,
      Runnable heard) {
    this.monitor = monitor;
    this.checkpoints = checkpoints;
    this.rendezvous = rendezvous;
    this.pulses = pulses;
    this.heard = heard;
    this.self = env.rpcEnv().setupEndpoint(name, this);
  }

  @Override
  public RpcEnv rpcEnv() {
    return env.rpcEnv();
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return message instanceof byte[];
      }

      @Override
      public BoxedUnit apply(Object message) {
        try {
          context.reply(answer(decode((byte[]) message)));
        } catch (Throwable cause) { // to some errors Spark would give no answer at all
          context.sendFailure(cause);
        }
        return BoxedUnit.UNIT;
      }
    };
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receive() {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return message instanceof byte[];
      }

      @Override
      public BoxedUnit apply(Object message) {
        hear(decode((byte[]) message));
        return BoxedUnit.UNIT;
      }
    };
  }

  @Override
  public void close() {
    env.rpcEnv().stop(self);
  }

  private byte[] answer(Object message) {
    if (message instanceof Rendezvous.Arrival arrival) {
      // As an array: the RPC layer does not know the class loader of what it holds.
      return JavaSerialized.bytes(rendezvous.arrive(arrival).toArray(Rendezvous.Arrival[]::new));
    }
    if (message instanceof CheckpointPart part) {
      return checkpoints.test(part) ? COMPLETE : HEARD;
    }
    if (message instanceof Pulse pulse) {
      return JavaSerialized.bytes(pulses.apply(pulse));
    }
    hear(message);
    return HEARD;
  }

  private void hear(Object message) {
    try {
      monitor.heard(message);
    } finally {
      heard.run();
    }
  }

  private Object decode(byte[] message) {
    return env.closureSerializer()
        .newInstance()
        .deserialize(ByteBuffer.wrap(message), loader, OBJECT);
  }

  /** Reference to the endpoint, on an executor. */
  static final class Remote {
    /** Longest wait for the reply to a pulse, which comes too late then. */
    private static final RpcTimeout PULSE =
        new RpcTimeout(new FiniteDuration(10, TimeUnit.SECONDS), "the time of a pulse");

    private final SparkEnv env = SparkEnv.get();
    private final RpcEndpointRef driver;

    Remote(String name) {
      SparkConf conf = env.conf();
      this.driver = RpcUtils.makeDriverRef(name, conf, env.rpcEnv());
    }

    /** Sends a message and waits until the driver has taken it. */
    void ask(Object message) {
      reply(message);
    }

    /**
     * Tells of a part of a checkpoint.
     *
     * @return whether the checkpoint is complete
     */
    boolean tell(CheckpointPart part) {
      return ((byte[]) reply(part)).length > 0;
    }

    /** Sends a message without waiting; it may get lost. */
    void send(Object message) {
      driver.send(JavaSerialized.bytes(message));
    }

    /**
     * Sends a message at once and does not wait; unlike one that is {@linkplain #send sent}, it is
     * not missed if it comes too late.
     */
    void sendNow(Object message) {
      driver.ask(JavaSerialized.bytes(message), OBJECT);
    }

    /**
     * Arrives at the rendezvous.
     *
     * @return every rank's arrival, by rank; empty while one is missing
     */
    List<Rendezvous.Arrival> arrive(Rendezvous.Arrival arrival) {
      return List.of((Rendezvous.Arrival[]) JavaSerialized.value((byte[]) reply(arrival)));
    }

    /** Tells the driver where the rank is, and returns what it has to say to that. */
    PulseReply pulse(Pulse pulse) {
      byte[] answer = (byte[]) driver.askSync(JavaSerialized.bytes(pulse), PULSE, OBJECT);
      return (PulseReply) JavaSerialized.value(answer);
    }

    private Object reply(Object message) {
      return driver.askSync(JavaSerialized.bytes(message), OBJECT);
    }
  }
}
