package io.penstock.launch.job;

import io.penstock.array.NativeHeap;
import io.penstock.launch.plugin.ExecutorMetrics;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What runs may leave in this process, by name: how much there is of it now. Counts of Spark's own
 * pools are left out, which grow to their size when they are first needed.
 */
final class Residue {
  /** Threads of runs: Netty's are named after the links' module. */
  private static final String THREADS = "penstock";

  /** The plugin's own thread, which lives as long as the application. */
  private static final String CONSOLE = "penstock-console";

  /** The one that looks after networks which were scored with and are kept for a while. */
  private static final String IDLE = "penstock-idle-networks";

  private Residue() {}

  /** In any process. */
  static Map<String, Long> ofProcess() throws Exception {
    Map<String, Long> all = new TreeMap<>();
    all.put("threads", threads());
    all.put("links", (long) openLinks());
    all.put("native bytes", NativeHeap.bytes());
    List<String> descriptors = descriptors();
    all.put("sockets", count(descriptors, "socket:"));
    all.put("files of rows", count(descriptors, "penstock"));
    return all;
  }

  /** In the driver's process. */
  static Map<String, Long> ofDriver(SparkContext context, List<Path> directories) throws Exception {
    Map<String, Long> all = ofProcess();
    all.put("listeners", (long) context.listenerBus().listeners().size());
    all.put("endpoints", (long) endpoints());
    all.put("broadcast blocks", broadcastBlocks());
    all.put("properties", (long) context.getLocalProperties().size());
    all.put(
        "metrics",
        ExecutorMetrics.here().map(here -> (long) here.registry().getNames().size()).orElse(0L));
    long files = 0;
    for (Path directory : directories) {
      try (Stream<Path> found = Files.walk(directory)) {
        files += found.filter(file -> isOurs(directory.relativize(file))).count();
      }
    }
    all.put("files", files);
    return all;
  }

  private static boolean isOurs(Path file) {
    return file.toString().contains("penstock");
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains(THREADS))
        .filter(name -> !name.equals(CONSOLE) && !name.equals(IDLE))
        .count();
  }

  private static long count(List<String> descriptors, String what) {
    return descriptors.stream().filter(one -> one.contains(what)).count();
  }

  /** Where the system tells, what the process has open. */
  private static List<String> descriptors() throws IOException {
    Path all = Path.of("/proc/self/fd");
    List<String> open = new ArrayList<>();
    if (Files.isDirectory(all)) {
      try (Stream<Path> links = Files.list(all)) {
        for (Path link : links.toList()) {
          try {
            open.add(Files.readSymbolicLink(link).toString());
          } catch (IOException closedMeanwhile) {
            continue;
          }
        }
      }
    }
    return open;
  }

  private static int openLinks() throws ReflectiveOperationException {
    Field links = Class.forName("io.penstock.link.LocalInboxes").getDeclaredField("BY_LINK");
    links.setAccessible(true);
    return ((Map<?, ?>) links.get(null)).size();
  }

  private static int endpoints() throws ReflectiveOperationException {
    Object dispatcher = field(SparkEnv.get().rpcEnv(), "dispatcher");
    return ((Map<?, ?>) field(dispatcher, "endpoints")).size();
  }

  private static Object field(Object of, String name) throws ReflectiveOperationException {
    for (Field field : of.getClass().getDeclaredFields()) {
      if (field.getName().equals(name) || field.getName().endsWith("$$" + name)) {
        field.setAccessible(true);
        return field.get(of);
      }
    }
    throw new NoSuchFieldException(name + " of " + of.getClass());
  }

  private static long broadcastBlocks() {
    return CollectionConverters.asJava(
            SparkEnv.get().blockManager().getMatchingBlockIds(block -> block.isBroadcast()))
        .size();
  }

  /** What there is, once no run is heard of any more and garbage is collected. */
  static Map<String, Long> settled(Callable<Map<String, Long>> now) throws Exception {
    Map<String, Long> last = now.call();
    for (int same = 0; same < 5; ) {
      System.gc();
      Thread.sleep(100);
      Map<String, Long> next = now.call();
      same = next.equals(last) && next.get("threads") == 0 ? same + 1 : 0;
      last = next;
    }
    return last;
  }

  /**
   * Waits until there is no more of anything than there was. What the garbage collector frees is no
   * residue.
   *
   * @throws AssertionError naming what there is more of, where a time limit ends the waiting
   */
  static void awaitNoMoreThan(Map<String, Long> before, Callable<Map<String, Long>> now)
      throws Exception {
    Map<String, Long> more = more(before, now.call());
    try {
      while (!more.isEmpty()) {
        System.gc();
        Thread.sleep(100);
        more = more(before, now.call());
      }
    } catch (InterruptedException timeIsUp) {
      throw new AssertionError("left: " + more + "; before there was " + before, timeIsUp);
    }
  }

  private static Map<String, Long> more(Map<String, Long> before, Map<String, Long> now) {
    Map<String, Long> more = new TreeMap<>(now);
    more.entrySet().removeIf(one -> one.getValue() <= before.get(one.getKey()));
    return more;
  }
}
