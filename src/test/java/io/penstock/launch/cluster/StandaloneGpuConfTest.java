package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.launch.plugin.PenstockPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** What only this file must say; what all must, ConfFilesTest asks. */
class StandaloneGpuConfTest {
  private static final Path FILE =
      Path.of(System.getProperty("penstock.root"), "conf", "standalone-gpu.conf");

  private final SparkConf conf = new SparkConf(false);

  StandaloneGpuConfTest() {
    CollectionConverters.asJava(Utils.getPropertiesFromFile(FILE.toString())).forEach(conf::set);
  }

  @Test
  void stagesCanAskForAGpuAndTheirExecutorsCores() {
    assertEquals(1, conf.getInt(GpuOffer.EXECUTOR_AMOUNT, 0));
    assertEquals(0, GpuOffer.perTask(conf), "else data preparation takes GPUs too");
    assertFalse(conf.getBoolean("spark.dynamicAllocation.enabled", true));
  }

  @Test
  void thePluginChoosesTheBackend() throws ClassNotFoundException {
    assertEquals(PenstockPlugin.class, Class.forName(conf.get("spark.plugins")));
    assertEquals("auto", conf.get(Settings.BACKEND.key()));
    assertEquals("PCI_BUS_ID", conf.get("spark.executorEnv.CUDA_DEVICE_ORDER"));
  }

  @Test
  void theScriptItNamesIsThere() {
    assertTrue(Files.isExecutable(GpuScriptTest.SCRIPT));
  }
}
