package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.fuzz.Fuzz;
import io.penstock.schedule.generate.Schedules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScheduleTextFuzzTest {
  /** A text alone goes through all that a file's does but for the file. */
  private static final int FILES = 20;

  @TempDir Path folder;

  private static List<String> good() {
    List<String> texts = new ArrayList<>();
    for (String id : Schedules.ids()) {
      Schedule schedule = Schedules.generate(id, 2, 4);
      texts.add(ScheduleText.format(schedule));
      texts.add(ScheduleText.format(Lowering.lower(schedule)));
    }
    texts.add("0F0,0F1,,0B0,(0F2;0B1)OVERLAP_F_B,,0B2\n,1F0,1B0,1F1,1B1,1F2,1B2\n");
    return texts;
  }

  @Test
  void everyTextIsAScheduleOrRefused() {
    Fuzz.run(
        1,
        Fuzz.bytes(good()),
        Set.of(IllegalArgumentException.class, InvalidScheduleException.class),
        input -> {
          Schedule schedule = ScheduleText.parse("mine", input.text());
          assertEquals(schedule, ScheduleText.parse("mine", ScheduleText.format(schedule)));
          Verifier.verify(schedule);
        });
  }

  @Test
  void everyFileCanBeRunOrIsRefused() {
    Path file = folder.resolve("mine.csv");
    ScheduleRequest request = ScheduleRequest.of(file.toString(), 2, 4);
    Fuzz.run(
        FILES,
        Fuzz.bytes(good()),
        Set.of(IllegalArgumentException.class, InvalidScheduleException.class),
        input -> {
          Files.write(file, input.bytes());
          Verifier.verify(Schedules.generate(request));
        });
  }
}
