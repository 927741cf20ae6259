package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code examples/run} says before a job: the list of examples, and the phases of a build. */
@Timeout(120)
class LauncherBuildTest {
  /** A Java 17 that runs nothing. */
  private static final String ECHO =
      """
      case "$*" in
        -version) echo 'openjdk version "17.0.1"' >&2 ;;
        *SUBMITTED*) ;;
        *)
          printf '\\0\\n'
          for word in java SUBMITTED "$@"; do printf '%s\\0' "$word"; done ;;
      esac\
      """;

  @TempDir static Path folder;
  private static Checkout unbuilt;

  @BeforeAll
  static void copy() throws Exception {
    unbuilt = Checkout.in(folder.resolve("unbuilt"));
  }

  @Test
  void withoutANameExamplesAreListedByWhatOneWantsToDo() throws Exception {
    Command.Outcome list = unbuilt.run(Map.of());
    assertEquals(0, list.status(), list.err());
    List<String> lines = list.out().lines().toList();
    String group = "";
    Map<String, String> groups = new HashMap<>();
    for (String line : lines) {
      group = line.matches("To .*:") ? line : group;
      if (line.startsWith("  examples/run ")) {
        groups.put(line.trim().split(" +")[1], group);
      }
    }
    assertEquals("To see whether all is there:", groups.get("doctor"));
    assertEquals("To see a pipeline:", groups.get("three-layer"));
    assertEquals("To train:", groups.get("fashion-mnist"));
    assertEquals("To plan before launch:", groups.get("plan"));
    assertEquals("To measure:", groups.get("bench"));
    Command.Outcome unknown = unbuilt.run(Map.of(), "+");
    assertEquals(2, unknown.status());
    List<String> names = unknown.err().lines().skip(1).map(String::trim).sorted().toList();
    assertEquals(groups.keySet().stream().sorted().toList(), names);
  }

  /** Minutes without a word, otherwise; and of Maven's own words, those that tell what is wrong. */
  @Test
  void aBuildTellsItsPhases() throws Exception {
    Files.deleteIfExists(unbuilt.root().resolve("examples/target/built-for-run"));
    String maven =
        """
        case $1 in -v) echo 'Apache Maven 3.8.7' && exit ;; esac
        echo '[INFO] Scanning for projects...'
        for jar in 1 2 3 4 5 6; do
          echo "[INFO] Downloaded from central: https://some/$jar.jar (20 MB at 3.1 MB/s)"
        done
        echo '[WARNING] something old'
        echo '[INFO] --- maven-compiler-plugin:3.1:compile (default-compile) @ penstock-spark ---'
        echo '[INFO] --- dependency:2.10:copy-dependencies (spark-home) @ penstock-examples ---'
        """;
    Command.Outcome built = build(maven);
    assertEquals(0, built.status(), built.err());
    assertEquals(
        List.of(
            "building (first time: some minutes, 0.5 GB from Maven Central)",
            "fetched 60 MB so far",
            "fetched 120 MB so far",
            "compiling penstock-spark",
            "laying out Spark's jars"),
        built.err().lines().map(line -> line.replaceFirst("^\\[ *\\d+\\.\\d s\\] ", "")).toList());
    Files.setLastModifiedTime(
        unbuilt.root().resolve("examples/target/built-for-run"), FileTime.from(Instant.EPOCH));
    Command.Outcome failed =
        build(maven + "echo '[ERROR] no disk'; echo '  left'; echo '[INFO] end'; exit 1");
    assertEquals(1, failed.status());
    assertTrue(
        failed
            .err()
            .endsWith(
                "[ERROR] no disk\n  left\n"
                    + "examples/run: the build failed; its messages stand above\n"),
        failed.err());
    assertTrue(failed.err().contains("] building again, "), failed.err());
  }

  private static Command.Outcome build(String maven) throws Exception {
    Path bin = unbuilt.fakeJava(ECHO);
    for (String tool : List.of("javac", "mvn")) {
      Path file = Files.writeString(bin.resolve(tool), "#!/bin/sh\n" + maven);
      assertTrue(file.toFile().setExecutable(true));
    }
    String path = bin + ":" + System.getenv("PATH");
    return unbuilt.run(Map.of("PATH", path, "JAVA_HOME", ""), "three-layer");
  }

  @Test
  void anOldMavenIsCalledByItsVersionBeforeItBuilds() throws Exception {
    Files.deleteIfExists(unbuilt.root().resolve("examples/target/built-for-run"));
    Command.Outcome old = build("echo 'Apache Maven 3.5.4 (some)'\n");
    assertEquals(1, old.status());
    assertEquals(1, old.err().lines().count(), old.err());
    assertTrue(old.err().contains("mvn is Maven 3.5.4: install 3.6.3 or newer"), old.err());
  }
}
