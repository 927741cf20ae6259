package io.penstock.docs;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathNamesTest {
  private static final PathNames PATHS = PathNames.of(Repository.OWN);

  private static List<String> complaints(String name) {
    return PATHS.complaints(Bad.page("# Title\n\nSee `" + name + "`.\n").spans().get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn/layer/Dense.java",
        "nn/layer/Dense",
        "nn/layer/LayerTest",
        "train/StageWeights.update",
        "compute/host",
        "conf/",
        "conf/local.conf",
        "spark.metrics.conf=conf/metrics.properties",
        "-Dlog4j2.configurationFile=file:conf/log4j2.properties",
        "notebooks/run",
        ".ci/run",
        "src/test/java/io/penstock/nn/layer/LayerTest.java",
        "META-INF/services/io.penstock.compute.ComputeKind",
        "compute/*ContractTest",
        "notebooks/zeppelin/*.zpln",
        "nn/layer/NAME.java",
        "nn/layer/NAMETest",
        "compute/NAME/NAMEKind.java",
        "examples/target/lib",
        "notebooks/target/notebooks.log",
        "…/penstock/examples/target/lib/*",
        "…/penstock/examples",
        "networks.md",
        "FOLDER/own.csv",
        "/usr/share/datasets",
        "~/.javacpp/cache",
        "$SPARK_HOME/conf/spark-env.sh",
        "1/2",
      })
  void aPathToWhatThereIsAndOneThatIsNotOursMayBeNamed(String name) {
    Bad.assertNone(complaints(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn/layer/Dnse.java",
        "nn/layers/Dense",
        "nn/layer/LayersTest",
        "train/StageWeights.updates",
        "compute/hosts",
        "config/",
        "conf/locale.conf",
        "spark.metrics.conf=conf/metric.properties",
        "-Dlog4j2.configurationFile=file:conf/log4j.properties",
        "notebooks/runs",
        ".ci/runs",
        "src/test/java/io/penstock/nn/layer/LayersTest.java",
        "META-INF/services/io.penstock.compute.ComputeKinds",
        "compute/*ContractTests",
        "notebooks/zeppelin/*.zepp",
        "nn/layers/NAME.java",
        "nn/layer/NAMEProof",
        "computes/NAME/NAMEKind.java",
        "example/target/lib",
        "examples/target/libs",
        "…/penstock/example/run",
      })
  void aPathToNothingIsRefusedWithItsPlace(String name) {
    Bad.assertComplaint(3, "there is no file, type or folder '", complaints(name));
  }
}
