package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RapidsTest {
  private static final String BOTH =
      "com.nvidia.spark.SQLPlugin, io.penstock.launch.plugin.PenstockPlugin";

  @Test
  void itRunsQueriesWhereItsPluginIsAndWorksOnGpus() {
    assertTrue(Rapids.runs(BOTH, "true", "executeOnGPU"));
    assertTrue(Rapids.runs("com.nvidia.spark.SQLPlugin", "TRUE", "executeongpu"));
  }

  @Test
  void itRunsNoneWithoutItsPlugin() {
    assertFalse(Rapids.runs("io.penstock.launch.plugin.PenstockPlugin", "true", "executeOnGPU"));
    assertFalse(Rapids.runs("", "true", "executeOnGPU"));
  }

  @Test
  void itRunsNoneWhereItIsOffOrOnlyExplains() {
    assertFalse(Rapids.runs(BOTH, "false", "executeOnGPU"));
    assertFalse(Rapids.runs(BOTH, "true", "explainOnly"));
  }
}
