package io.penstock.launch.cluster;

import io.penstock.Internal;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
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
 * Spark job that stands for a wait of the driver's. Spark cancels jobs and nothing else: a thread
 * that waits between two of them hears of no job group, tag or button of the UI. The job has the
 * caller's group and tags, and one task, which takes a slot, once there is one, until the wait is
 * over. For one thread of the driver.
 */
@Internal
public final class WaitingJob implements AutoCloseable {
  private static final String INTERRUPT = "spark.job.interruptOnCancel";
  private static final String DESCRIPTION = "spark.job.description";
  private static final ClassTag<String> STRING = ClassTag$.MODULE$.apply(String.class);
  private static final long PAUSE_MILLIS = 100;

  private final SparkContext context;
  private final Presence presence;
  private final JavaFutureAction<Void> job;

  /**
   * Starts the job.
   *
   * @param words for Spark's UI
   * @throws IllegalStateException if the context is stopped
   */
  public WaitingJob(SparkContext context, String words) {
    this.context = context;
    String description = context.getLocalProperty(DESCRIPTION);
    String interrupt = context.getLocalProperty(INTERRUPT);
    String name = "penstock-wait-" + UUID.randomUUID();
    presence = new Presence(SparkEnv.get().rpcEnv(), name);
    try {
      context.setLocalProperty(DESCRIPTION, words);
      context.setLocalProperty(INTERRUPT, "true");
      job = new JavaSparkContext(context).parallelize(List.of(0), 1).foreachAsync(new Task(name));
    } catch (RuntimeException stopped) {
      presence.close();
      throw stopped;
    } finally {
      context.setLocalProperty(DESCRIPTION, description);
      context.setLocalProperty(INTERRUPT, interrupt);
    }
  }

  /**
   * Pauses.
   *
   * @throws WaitEndedException if the caller is interrupted, the job has been cancelled or cannot
   *     run, or the context is stopped
   */
  public void pause(long millis) {
    try {
      Thread.sleep(millis);
      if (context.isStopped()) {
        throw WaitEndedException.stopped();
      }
      if (job.isDone()) {
        job.get();
      }
    } catch (InterruptedException interrupted) {
      throw WaitEndedException.interrupted(interrupted);
    } catch (ExecutionException ended) {
      throw WaitEndedException.ofJob(ended.getCause());
    }
  }

  /**
   * Ends the wait, and the job with it: where there is a slot, its task finds the wait over and
   * ends as any that is done.
   */
  @Override
  public void close() {
    presence.close();
    if (!context.isStopped() && ClusterOffer.of(context).slots() == 0) {
      job.cancel(true);
    }
  }

  /** Endpoint on the driver that is there for as long as the wait lasts. Thread-safe. */
  private static final class Presence implements RpcEndpoint {
    private final RpcEnv env;
    private final RpcEndpointRef self;

    Presence(RpcEnv env, String name) {
      this.env = env;
      this.self = env.setupEndpoint(name, this);
    }

    @Override
    public RpcEnv rpcEnv() {
      return env;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext caller) {
      return new AbstractPartialFunction<>() {
        @Override
        public boolean isDefinedAt(Object message) {
          return true;
        }

        @Override
        public BoxedUnit apply(Object message) {
          caller.reply(message);
          return BoxedUnit.UNIT;
        }
      };
    }

    void close() {
      env.stop(self);
    }
  }

  /** Task that ends when the driver's endpoint is gone. */
  private record Task(String name) implements VoidFunction<Integer> {
    @Override
    public void call(Integer none) {
      SparkEnv env = SparkEnv.get();
      try {
        RpcEndpointRef driver = RpcUtils.makeDriverRef(name, env.conf(), env.rpcEnv());
        while (true) {
          driver.askSync(name, STRING);
          Thread.sleep(PAUSE_MILLIS);
        }
      } catch (Exception over) { // or the task is killed, which Spark knows
        return;
      }
    }
  }
}
