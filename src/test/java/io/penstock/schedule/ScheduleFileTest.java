package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.DualPipeV;
import io.penstock.schedule.generate.Schedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleFileTest {
  @TempDir Path folder;

  private ScheduleRequest request(String text, int ranks, int microBatches) throws IOException {
    Path file = folder.resolve("mine.csv");
    Files.writeString(file, text);
    return ScheduleRequest.of(file.toString(), ranks, microBatches);
  }

  private static void refuses(ScheduleRequest request, String problem) {
    var e = assertThrows(IllegalArgumentException.class, () -> Schedules.generate(request));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  @Test
  void aFileIsChosenAsAScheduleIs() throws IOException {
    Schedule schedule = new DualPipeV().generate(2, 5);
    ScheduleRequest request = request(ScheduleText.format(schedule), 2, 5);
    Schedule read = Schedules.generate(request.withVirtualStages(2));
    assertEquals(schedule.ranks(), read.ranks());
    assertEquals(schedule.overlapped(), read.overlapped());
    assertEquals("mine.csv", read.name());
    assertEquals(read, Schedules.generate(request));
    assertFalse(Schedules.ids().contains(request.id()));
  }

  @Test
  void otherNumbersThanAskedForAreRefused() throws IOException {
    String text = ScheduleText.format(Plans.SMALL);
    refuses(request(text, 3, 2), "mine.csv has 2 ranks, but 3 are asked for");
    refuses(request(text, 2, 4), "mine.csv has 2 micro-batches, but 4 are asked for");
    refuses(
        request(text, 2, 2).withVirtualStages(2),
        "mine.csv has 1 stage on rank 0, but 2 are asked for");
    refuses(request(text, 2, 2).withWarmUp(1), "stands in the file");
  }

  @Test
  void whatIsWrongInItIsNamedByRowAndColumn() throws IOException {
    refuses(request("0F0,0B0\n1F0,1G0", 2, 1), "mine.csv, row 2, column 2: '1G0'");
    refuses(request("", 2, 1), "has no action");
  }

  @Test
  void aFileWithoutEndIsNotReadToItsEnd() throws IOException {
    refuses(request("0F0,".repeat(5 << 20), 2, 1), "mine.csv, it has more than 16.0 MiB");
  }

  @Test
  void aFileThatIsNotThereIsNamedWithItsFolder() {
    refuses(
        ScheduleRequest.of(folder.resolve("other.csv").toString(), 2, 2),
        "there is no such file in " + folder);
    refuses(ScheduleRequest.of(folder + ".csv", 2, 2), "no such file");
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path file = folder.resolve("binary.csv");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    refuses(ScheduleRequest.of(file.toString(), 2, 2), "no UTF-8 text");
    Files.createDirectory(folder.resolve("folder.csv"));
    refuses(ScheduleRequest.of(folder.resolve("folder.csv").toString(), 2, 2), "cannot be read");
  }

  @Test
  void aMarkOfTheByteOrderIsNoPartOfTheSchedule() throws IOException {
    String text = ScheduleText.format(Plans.SMALL);
    assertEquals(Plans.SMALL.ranks(), Schedules.generate(request("\uFEFF" + text, 2, 2)).ranks());
    refuses(request("0F0,\u200B0B0", 2, 1), "row 1, column 2: '\\u200b0B0' is not an action");
  }

  @Test
  void aFileMayBeNamedByItsUri() throws IOException {
    Path file = Files.createDirectories(folder.resolve("a b")).resolve("mine.CSV");
    Files.writeString(file, ScheduleText.format(Plans.SMALL));
    List<String> names =
        List.of(
            file.toString(),
            file.toUri().toString(),
            "file:" + file,
            "file://" + file,
            "FILE://localhost" + file);
    assertTrue(names.get(1).contains("a%20b"), names.get(1));
    for (String name : names) {
      assertTrue(ScheduleFile.isName(name), name);
      assertEquals(
          Plans.SMALL.ranks(), Schedules.generate(ScheduleRequest.of(name, 2, 2)).ranks(), name);
    }
    refuses(
        ScheduleRequest.of("file:///nowhere/mine.csv", 2, 2), "there is no such file in /nowhere");
  }

  @Test
  void aFileThatIsElsewhereIsToBeCopied() {
    for (String name :
        List.of("hdfs://host:8020/mine.csv", "s3a://bucket/mine.csv", "file://host/mine.csv")) {
      refuses(
          ScheduleRequest.of(name, 2, 2),
          "schedule " + name + " does not lie on the driver's disk");
    }
  }
}
