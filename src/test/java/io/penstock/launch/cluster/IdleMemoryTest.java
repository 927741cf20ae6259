package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class IdleMemoryTest {
  @Test
  void allWhoKeepSomeFreeIt() {
    IdleMemory memory = new IdleMemory();
    List<String> freed = new ArrayList<>();
    memory.add(() -> freed.add("one"));
    memory.add(() -> freed.add("other"));
    memory.free();
    assertEquals(List.of("one", "other"), freed);
  }

  /** Threads of the driver share memory that nobody counts for them. */
  @Test
  void ranksInTheDriverLeaveItAsItIs() {
    List<String> freed = new ArrayList<>();
    IdleMemory.HERE.add(() -> freed.add("idle"));
    SparkConf conf = new SparkConf(false).set("spark.master", "local[2]");
    new ArrayLimit(ExecutorMemory.of(conf)).makeRoom();
    assertEquals(List.of(), freed);
  }
}
