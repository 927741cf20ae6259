package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import io.penstock.schedule.generate.Schedules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ScheduleTextFuzzTest {
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

  @Provide
  Arbitrary<String> texts() {
    return Inputs.ofTexts(good());
  }

  @Property(seed = "1")
  void everyTextIsAScheduleOrRefused(@ForAll("texts") String text) throws Exception {
    Reading.of(
        text.length(),
        Set.of(IllegalArgumentException.class, InvalidScheduleException.class),
        () -> {
          Schedule schedule = ScheduleText.parse("mine", text);
          assertEquals(schedule, ScheduleText.parse("mine", ScheduleText.format(schedule)));
          Verifier.verify(schedule);
        });
  }

  @Provide
  Arbitrary<byte[]> files() {
    return Inputs.of(Inputs.bytes(good()));
  }

  /** A text alone goes through all that a file's does but for the file. */
  @Property(seed = "1", tries = 1000)
  void everyFileCanBeRunOrIsRefused(@ForAll("files") byte[] bytes) throws Exception {
    Path file = Files.createTempFile("mine", ".csv");
    try {
      Files.write(file, bytes);
      Reading.of(
          bytes.length,
          Set.of(IllegalArgumentException.class, InvalidScheduleException.class),
          () -> Verifier.verify(Schedules.generate(ScheduleRequest.of(file.toString(), 2, 4))));
    } finally {
      Files.delete(file);
    }
  }
}
