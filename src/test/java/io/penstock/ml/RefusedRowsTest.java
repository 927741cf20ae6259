package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of rows that executors refuse: partition, row and column come to the driver with what
 * to do. {@link RefusedInputTest} has what is refused before.
 */
@Timeout(180)
class RefusedRowsTest {
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
    return Stream.of(BadRows.all(), BadLabels.all()).flatMap(List::stream).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aRowIsToldWithItsPlace(Mistake mistake) throws Exception {
    Refusal refusal = Refusal.of(mistake, bench);
    refusal.assertTold();
    if (mistake.words().get(0).startsWith("Row ")) {
      BadRowException bad = (BadRowException) refusal.thrown();
      String place =
          String.format(
              "Row %d of partition %d: column '%s'", bad.row(), bad.partition(), bad.column());
      assertTrue(bad.getMessage().startsWith(place), bad::getMessage);
    }
    assertTrue(bench.left().isEmpty(), () -> mistake + " left files");
  }
}
