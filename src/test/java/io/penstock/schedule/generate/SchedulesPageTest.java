package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SchedulesPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("penstock.root", ".."), "docs/schedules.md");

  @Test
  void everyScheduleHasARowInTheTable() throws IOException {
    Set<String> rows =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .collect(Collectors.toSet());
    List<String> missing = Schedules.ids().stream().filter(id -> !rows.contains(id)).toList();
    assertEquals(List.of(), missing, "docs/schedules.md, Which schedule, lacks rows");
  }
}
