package io.penstock.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.penstock.conf.ConfFile.Entry;
import io.penstock.launch.cluster.ExecutorMemory;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesConf;
import org.apache.spark.deploy.k8s.KubernetesDriverConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.deploy.k8s.SparkPod;
import org.apache.spark.deploy.k8s.submit.JavaMainAppResource;
import org.apache.spark.deploy.k8s.submit.KubernetesDriverBuilder;
import org.apache.spark.internal.config.package$;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Option;

/** The pods that Spark makes of kubernetes.conf and its templates; no cluster is asked. */
@Timeout(120)
class KubernetesPodsTest {
  private static final KubernetesClient CLIENT =
      new KubernetesClientBuilder().withConfig(Config.empty()).build();

  @AfterAll
  static void close() {
    CLIENT.close();
    ResourceProfile$.MODULE$.clearDefaultProfile();
  }

  private static SparkConf conf(boolean withOffers) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "k8s://https://127.0.0.1:6443")
            .set("spark.app.name", "pods");
    for (Entry entry : ConfFile.named("kubernetes.conf").entries()) {
      boolean gpu = entry.key().contains(".resource.gpu.");
      if (!entry.off() || (withOffers && gpu)) {
        boolean template = entry.key().endsWith("podTemplateFile");
        Object value = template ? ConfFile.DIRECTORY.resolveSibling(entry.value()) : entry.value();
        conf.set(entry.key(), value.toString());
      }
    }
    return conf;
  }

  private static SparkPod executor(boolean withGpu) {
    return executor(conf(withGpu));
  }

  private static SparkPod executor(SparkConf conf) {
    // What the driver's pod has set by the time it asks for executors.
    conf.set("spark.driver.host", "driver").set("spark.driver.port", "7078");
    ResourceProfile$.MODULE$.clearDefaultProfile(); // of another conf
    KubernetesExecutorConf made =
        KubernetesConf.createExecutorConf(
            conf, "1", "app", Option.empty(), ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID());
    return new KubernetesExecutorBuilder()
        .buildFromFeatures(
            made,
            new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE()),
            CLIENT,
            ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf))
        .pod();
  }

  @Test
  void anExecutorHasTheCoresOfOneStageAndALocalDisk() {
    SparkPod executor = executor(false);
    Container container = executor.container();
    assertEquals("spark-kubernetes-executor", container.getName());
    assertEquals("penstock:latest", container.getImage());
    assertEquals(Quantity.parse("1"), container.getResources().getRequests().get("cpu"));
    assertEquals(Quantity.parse("1"), container.getResources().getLimits().get("cpu"));
    assertEquals(
        Quantity.parse("2048Mi"),
        container.getResources().getLimits().get("memory"),
        "heap and overhead");
    Map<String, String> environment =
        container.getEnv().stream()
            .filter(variable -> variable.getValue() != null)
            .collect(Collectors.toMap(v -> v.getName(), v -> v.getValue()));
    assertEquals("1", environment.get("OMP_NUM_THREADS"));
    assertEquals("/var/data/spark", environment.get("SPARK_LOCAL_DIRS"), "the template's volume");
    List<String> local =
        container.getVolumeMounts().stream()
            .map(VolumeMount::getName)
            .filter(name -> name.startsWith("spark-local-dir"))
            .toList();
    assertEquals(List.of("spark-local-dir-1"), local, "no second one of Spark's own");
  }

  @Test
  void aContainerIsAsLargeAsTheCheckCounts() {
    for (String heap : List.of("1g", "8g")) {
      for (String factor : List.of("0.1", "0.25")) {
        SparkConf conf = conf(false).remove("spark.executor.memoryOverhead");
        conf.set("spark.executor.memory", heap);
        conf.set("spark.kubernetes.memoryOverheadFactor", factor);
        ExecutorMemory memory = ExecutorMemory.of(conf);
        assertEquals(
            Quantity.parse(((memory.heapBytes() + memory.besideBytes()) >> 20) + "Mi"),
            executor(conf).container().getResources().getLimits().get("memory"));
      }
    }
  }

  @Test
  void anExecutorOfTheOffersHasOneGpu() {
    Map<String, Quantity> limits = executor(true).container().getResources().getLimits();
    assertEquals(Quantity.parse("1"), limits.get("nvidia.com/gpu"));
    assertEquals(
        null, executor(false).container().getResources().getLimits().get("nvidia.com/gpu"));
  }

  @Test
  void executorsKeepApartAndMayUseNodesWithGpus() {
    Pod pod = executor(false).pod();
    var apart =
        pod.getSpec()
            .getAffinity()
            .getPodAntiAffinity()
            .getPreferredDuringSchedulingIgnoredDuringExecution()
            .get(0)
            .getPodAffinityTerm();
    assertTrue(
        pod.getMetadata()
            .getLabels()
            .entrySet()
            .containsAll(apart.getLabelSelector().getMatchLabels().entrySet()),
        "the label is one that Spark gives");
    assertEquals("nvidia.com/gpu", pod.getSpec().getTolerations().get(0).getKey());
  }

  @Test
  void theDriverStaysWhereItIs() {
    KubernetesDriverConf made =
        KubernetesConf.createDriverConf(
            conf(false),
            "app",
            new JavaMainAppResource(Option.empty()),
            "io.penstock.examples.FashionMnistTraining",
            new String[0],
            Option.empty());
    SparkPod driver = new KubernetesDriverBuilder().buildFromFeatures(made, CLIENT).pod();
    assertEquals("spark-kubernetes-driver", driver.container().getName());
    assertEquals(
        "false",
        driver
            .pod()
            .getMetadata()
            .getAnnotations()
            .get("cluster-autoscaler.kubernetes.io/safe-to-evict"));
    assertEquals("spark", driver.pod().getSpec().getServiceAccountName());
  }
}
