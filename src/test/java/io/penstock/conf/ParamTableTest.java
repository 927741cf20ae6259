package io.penstock.conf;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ParamTableTest {
  /** {@code -Dpenstock.write=true} writes it anew. */
  @Test
  void theTrainingPageHasTheParamsOfTheCode() throws IOException {
    new GeneratedPart("params", ParamTable.markdown())
        .check(ConfFile.DIRECTORY.resolveSibling("docs/training.md"), "ParamTableTest");
  }
}
