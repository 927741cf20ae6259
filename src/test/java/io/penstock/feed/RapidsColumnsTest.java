package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RapidsColumnsTest {
  private static final String BOTH =
      "com.nvidia.spark.SQLPlugin, io.penstock.launch.plugin.PenstockPlugin";

  @Test
  void columnsComeWhereThePluginRunsQueriesOnGpus() {
    assertTrue(RapidsColumns.runs(BOTH, "true", "executeOnGPU", "auto"));
    assertTrue(RapidsColumns.runs("com.nvidia.spark.SQLPlugin", "TRUE", "executeongpu", "auto"));
  }

  @Test
  void noneComeWithoutIt() {
    assertFalse(
        RapidsColumns.runs(
            "io.penstock.launch.plugin.PenstockPlugin", "true", "executeOnGPU", "auto"));
    assertFalse(RapidsColumns.runs("", "true", "executeOnGPU", "auto"));
  }

  @Test
  void noneComeWhereItIsOffOrOnlyExplains() {
    assertFalse(RapidsColumns.runs(BOTH, "false", "executeOnGPU", "auto"));
    assertFalse(RapidsColumns.runs(BOTH, "true", "explainOnly", "auto"));
  }

  @Test
  void noneComeWhereTheyAreNotWanted() {
    assertFalse(RapidsColumns.runs(BOTH, "true", "executeOnGPU", "never"));
  }
}
