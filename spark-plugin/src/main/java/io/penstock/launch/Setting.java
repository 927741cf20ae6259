package io.penstock.launch;

import io.penstock.device.NvidiaSmi;
import io.penstock.feed.Feed;
import io.penstock.launch.cluster.LinkHosts;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.launch.cluster.Preflight;
import io.penstock.launch.cluster.RankDevice;
import io.penstock.launch.job.RankTask;
import io.penstock.launch.job.TrainingTask;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.link.Link;
import java.util.List;

/**
 * A setting of Penstock's among Spark's, given by {@code --conf}, a properties file or {@code
 * SparkConf} before the application starts.
 *
 * @param key its name
 * @param usual what holds if it is not set, in words where it depends
 * @param meaning what it does
 */
public record Setting(String key, String usual, String meaning) {

  /** Those of a run; what shows runs has more. In the order in which they are documented. */
  public static List<Setting> all() {
    return List.of(
        new Setting(
            Preflight.WAIT,
            Preflight.WAIT_DEFAULT,
            "How long to wait for executors to register before a run is refused."),
        new Setting(
            PenstockPlugin.BACKEND,
            "auto",
            "ND4J's backend in every process of the application: cpu, or auto, which takes CUDA where"
                + " an executor has a GPU that can be used."),
        new Setting(
            NativeRuntime.ISA,
            NativeRuntime.ISA_DEFAULT,
            "What every process computes with: auto, the best instruction set that its processor has;"
                + " or avx2 or avx512 on all alike, so that also on processors that differ a result"
                + " does not depend on where the network is cut. A process that has loaded its"
                + " kernels keeps them."),
        new Setting(
            RankDevice.NVIDIA_SMI,
            NvidiaSmi.DEFAULT,
            "Path or name of NVIDIA's tool that lists a machine's GPUs."),
        new Setting(
            TrainingTask.FEED_MEMORY,
            "a quarter of the heap's size",
            "Off-heap memory for rows on an executor; what does not fit goes to a file in Spark's"
                + " local directory."),
        new Setting(
            Feed.COLUMNS,
            "auto",
            "Whether rows that the RAPIDS Accelerator prepares on a GPU come from its columns (auto)"
                + " or, as all others, as rows (never). The results are the same."),
        new Setting(
            LinkHosts.ADVERTISED,
            "the host that Spark itself advertises",
            "The name or address under which the other executors reach this one."),
        new Setting(
            LinkHosts.BIND,
            "the address that Spark itself listens on",
            "The address on which an executor listens for the others; 0.0.0.0 for all interfaces."),
        new Setting(
            RankTask.NETWORK_ONLY,
            "false",
            "Reach stages of the same JVM over sockets too: to try and to measure on one machine"
                + " what a cluster does."),
        new Setting(
            Link.SETTINGS + "serverThreads",
            Link.THREADS,
            "Threads that take in frames on an executor. All else that Spark documents as"
                + " spark.rpc.io.* may be set as spark.penstock.io.* too."),
        new Setting(
            Link.SETTINGS + "clientThreads",
            Link.THREADS,
            "Threads that send frames from an executor."));
  }
}
