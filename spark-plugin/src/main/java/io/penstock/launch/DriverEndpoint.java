package io.penstock.launch;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.util.RpcUtils;
import scala.PartialFunction;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * The driver's ear for a run, on Spark's own RPC: no port of ours, Spark's authentication and
 * encryption. Messages go as byte arrays, since the RPC layer does not know the class loader of
 * jars that were added by {@code --jars}.
 */
final class DriverEndpoint implements RpcEndpoint, AutoCloseable {
  private static final ClassTag<Object> OBJECT = ClassTag$.MODULE$.apply(Object.class);

  private final SparkEnv env = SparkEnv.get();
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final RunMonitor monitor;
  private final Rendezvous rendezvous;
  private final RpcEndpointRef self;

  DriverEndpoint(String name, RunMonitor monitor, Rendezvous rendezvous) {
    this.monitor = monitor;
    this.rendezvous = rendezvous;
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
        Object heard = decode((byte[]) message);
        if (heard instanceof Rendezvous.Arrival arrival) {
          context.reply(rendezvous.come(arrival));
        } else {
          monitor.heard(heard);
          context.reply(true);
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
        monitor.heard(decode((byte[]) message));
        return BoxedUnit.UNIT;
      }
    };
  }

  @Override
  public void close() {
    env.rpcEnv().stop(self);
  }

  private Object decode(byte[] message) {
    return env.closureSerializer()
        .newInstance()
        .deserialize(ByteBuffer.wrap(message), loader, OBJECT);
  }

  /** The executors' end. */
  static final class Remote {
    private final SparkEnv env = SparkEnv.get();
    private final RpcEndpointRef driver;

    Remote(String name) {
      SparkConf conf = env.conf();
      this.driver = RpcUtils.makeDriverRef(name, conf, env.rpcEnv());
    }

    /** Sends and waits until the driver has heard it. */
    void tell(Object message) {
      ask(message);
    }

    /** Sends without waiting; it may get lost. */
    void mention(Object message) {
      driver.send(Carried.bytes(message));
    }

    /**
     * Comes to the rendezvous.
     *
     * @return what every rank has said, by rank; empty while one is missing
     */
    String[] come(Rendezvous.Arrival arrival) {
      return (String[]) ask(arrival);
    }

    private Object ask(Object message) {
      return driver.askSync(Carried.bytes(message), OBJECT);
    }
  }
}
