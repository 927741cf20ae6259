package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of wrong inputs that are refused without a job: what is wrong is told with its value,
 * the param or column, and what to do, and nothing stays behind. {@link RefusedRowsTest} has the
 * rows that only an executor can refuse.
 */
@Timeout(180)
class RefusedInputTest {
  @TempDir static Path directory;

  private static Bench bench;

  @BeforeAll
  static void start() throws Exception {
    bench = new Bench(directory);
  }

  @AfterAll
  static void stop() {
    bench.close();
  }

  static List<Mistake> mistakes() {
    return Stream.of(BadParams.all(), BadColumns.all(), BadNetworks.all(), BadPlans.all())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void theTableIsLong() {
    assertTrue(mistakes().size() >= 60, () -> mistakes().size() + " mistakes");
    Set<String> seen = new HashSet<>();
    List<String> names = mistakes().stream().map(Mistake::name).toList();
    assertEquals(List.of(), names.stream().filter(it -> !seen.add(it)).toList(), "told twice");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsToldBeforeAnyJob(Mistake mistake) throws Exception {
    int before = bench.jobs();
    Refusal.of(mistake, bench).assertTold();
    assertEquals(before, bench.jobs(), "jobs started");
    Refusal.assertNothingIsLeft(bench);
  }

  static List<Mistake> directories() {
    return BadFiles.beforeAnyJob();
  }

  /** Models are told apart from other things before MLlib reads them, which takes a job. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("directories")
  void aDirectoryThatIsNoneOfOursIsToldBeforeAnyJob(Mistake mistake) throws Exception {
    int before = bench.jobs();
    Refusal.of(mistake, bench).assertTold();
    int own = mistake.name().contains("MLlib's own") ? 1 : 0; // what saves it
    assertEquals(before + own, bench.jobs(), "jobs started");
    Refusal.assertNothingIsLeft(bench);
  }

  static List<Mistake> files() {
    return BadFiles.afterMetadata();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void whatWasNotSavedWholeIsNotLoaded(Mistake mistake) throws Exception {
    Refusal.of(mistake, bench).assertTold();
    Refusal.assertNothingIsLeft(bench);
  }
}
