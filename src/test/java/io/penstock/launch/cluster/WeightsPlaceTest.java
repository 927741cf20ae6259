package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class WeightsPlaceTest {
  private static final Optional<String> SHARED = Optional.of("hdfs:///models");
  private static final long BESIDES = 1000;

  private final SparkConf conf = new SparkConf(false);

  private WeightsPlace place(long parameters, Optional<String> directory) {
    return WeightsPlace.of(
        conf, new ResultBytes(List.of(parameters, parameters), BESIDES), directory);
  }

  private static void assertInMemory(WeightsPlace place) {
    assertEquals(Optional.empty(), place.directory());
    assertEquals(List.of(), place.problems());
    assertTrue(place.results().weights() > 0);
  }

  private static void assertInFiles(WeightsPlace place) {
    assertEquals(SHARED, place.directory());
    assertEquals(List.of(), place.problems());
    assertEquals(0, place.results().weights());
  }

  @Test
  void weightsOfUpTo64MebibytesComeToTheDriver() {
    assertInMemory(place(8 << 20, SHARED));
    assertInFiles(place((8 << 20) + 1, SHARED));
  }

  @Test
  void theSettingSaysHowLargeTheyMayBe() {
    conf.set("spark.penstock.model.memory", "8k");
    assertInMemory(place(1024, SHARED));
    assertInFiles(place(1025, SHARED));
  }

  @Test
  void theyAreNeverMoreThanSparkTakes() {
    conf.set(ResultBytes.LIMIT, "1m").set("spark.penstock.model.memory", "100g");
    assertInMemory(place(128 << 10 - 1, SHARED));
    assertInFiles(place(128 << 10, SHARED));
    conf.set(ResultBytes.LIMIT, "0");
    assertInMemory(place(128 << 10, SHARED));
    assertInFiles(place(Integer.MAX_VALUE / 4, SHARED)); // 2 GiB of a rank
  }

  @Test
  void timesAndLossesAreHeldAgainstTheLimitWhereWeightsGoToFiles() {
    conf.set(ResultBytes.LIMIT, "1k");
    WeightsPlace place = place(10, SHARED);
    assertEquals(1, place.problems().size());
    assertTrue(place.problems().get(0).contains("times and losses"), place.problems().get(0));
  }

  @Test
  void withoutADirectoryTheDriverTakesAThirdOfItsHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    conf.set(ResultBytes.LIMIT, "0");
    assertInMemory(place(heap / 3 / 8 - 1, Optional.empty()));
    assertEquals(1, place(heap / 3 / 8 + 1, Optional.empty()).problems().size());
  }

  @Test
  void whatFitsNowhereIsRefusedWithSizeLimitsAndSettings() {
    conf.set("spark.penstock.model.memory", "8k").set(ResultBytes.LIMIT, "2m");
    WeightsPlace place = place(200_000, Optional.empty());
    assertEquals(1, place.problems().size());
    String told = place.problems().get(0);
    for (String part :
        List.of(
            "are 1.6 MiB",
            "[200000, 200000]",
            "8.0 KiB at most",
            "spark.penstock.model.memory",
            "spark.driver.maxResultSize=2m",
            "--conf spark.penstock.model.dir",
            "checkpoint directory")) {
      assertTrue(told.contains(part), told);
    }
  }
}
