package io.penstock.launch.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;
import org.junit.jupiter.api.Test;

class DriverPartsTest {
  private final List<String> done = new ArrayList<>();

  private DriverPart part(String name, boolean fails) {
    return new DriverPart() {
      @Override
      public void start(SparkContext context, PluginContext plugin) {
        done.add("start " + name);
        if (fails) {
          throw new IllegalStateException("planned");
        }
      }

      @Override
      public void close() {
        done.add("close " + name);
        if (fails) {
          throw new IllegalStateException("planned");
        }
      }
    };
  }

  @Test
  void aPartThatFailsIsLeftOut() {
    try (DriverParts parts = new DriverParts(List.of(part("a", true), part("b", false)))) {
      parts.start(null, null);
    }
    assertEquals(List.of("start a", "start b", "close a", "close b"), done);
  }

  @Test
  void theTabIsFound() {
    assertEquals(
        1,
        DriverParts.found().parts().stream()
            .filter(part -> part.getClass().getName().equals("io.penstock.ui.tab.PipelinePart"))
            .count());
  }
}
