package io.penstock.launch.cluster;

import io.penstock.event.RankPlace;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.ResourceProfileManager;
import org.apache.spark.resource.TaskResourceRequests;
import scala.Option;

/**
 * Resource profile of a stage for Spark's scheduler: an executor to itself, and one of its GPUs.
 * Stateless. It is Spark's stage-level scheduling: other jobs of the application, such as data
 * preparation, keep the default profile, in which many tasks may share an executor.
 */
final class StageProfile {
  private StageProfile() {}

  /**
   * Returns whether the cluster manager knows stage-level scheduling. Spark 3.5.6 to 4.1.0 do on
   * standalone clusters, local-cluster, YARN and Kubernetes, without dynamic allocation; not in
   * local mode.
   */
  static boolean isKnown(SparkContext context) {
    try {
      return context
          .resourceProfileManager()
          .isSupported(
              new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(1)).build());
    } catch (Exception notThere) { // a SparkException, which Scala does not declare
      return false;
    }
  }

  /**
   * Returns the profile of a stage.
   *
   * @param cores of the executor; a stage takes all
   * @param taskCpus cores of a task of the default profile
   * @param gpu whether the stage is to have a GPU
   * @return empty where the default profile says the same
   */
  static Optional<ResourceProfile> of(
      SparkContext context, int cores, int taskCpus, GpuOffer gpus, boolean gpu) {
    boolean asks = gpu && gpus.perExecutor() > 0 && gpus.perTask() < 1;
    if (!gpus.profiles() || (cores <= taskCpus && !asks)) {
      return Optional.empty();
    }
    TaskResourceRequests requests = new TaskResourceRequests().cpus(Math.max(cores, taskCpus));
    if (gpu && gpus.perExecutor() > 0) {
      requests = requests.resource(RankPlace.GPU, 1);
    }
    return Optional.of(known(context, new ResourceProfileBuilder().require(requests).build()));
  }

  /** Returns an equal profile that Spark knows already, for it forgets none. */
  private static ResourceProfile known(SparkContext context, ResourceProfile wanted) {
    ResourceProfileManager manager = context.resourceProfileManager();
    Option<ResourceProfile> same = manager.getEquivalentProfile(wanted);
    if (same.isDefined()) {
      return same.get();
    }
    manager.addResourceProfile(wanted); // so that slots can be counted for it
    return wanted;
  }
}
