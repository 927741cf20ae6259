package io.penstock.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * PyTorch as a peer: plain, with the batch whole, as pipelines written by hand, and as replicas. It
 * runs the script beside this class on a Python that has torch.
 *
 * <p>A distribution's OpenBLAS is older than many processors and takes its slowest kernels on those
 * that it does not know, which would be unfair to it: unless the user has, {@code
 * OPENBLAS_CORETYPE} names those of the processor's class.
 */
final class Torch {
  /** All of them, as an option names them. */
  static final String ALL = "torch";

  /** Two replicas, whose gradients are averaged bucket by bucket beside the backward. */
  static final String DDP = "torch-ddp";

  static final List<String> WORKS = List.of("W0", "W1", "W2", "W3");

  /** How to get it. */
  static final String ADVICE =
      "install it (Debian: apt-get install python3-torch python3-numpy libopenblas0-openmp) or name"
          + " a Python that has it in PENSTOCK_PYTHON";

  private static final String SCRIPT = "torch_peer.py";
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
  private static final String LIBRARIES = "LD_LIBRARY_PATH";
  private static final int ASKING_SECONDS = 120;

  private Torch() {}

  /** All ways to run it. */
  static List<Peer> peers() {
    return List.of(
        peer(plain(1), "PyTorch, one thread", "plain", 1, 1),
        peer(plain(2), "PyTorch, two threads", "plain", 2, 1),
        pipeline("torch-gpipe-8", "PyTorch, GPipe in two processes, m=8", "gpipe", 8),
        pipeline("torch-1f1b-4", "PyTorch, 1F1B in two processes, m=4", "1f1b", 4),
        pipeline("torch-threads-8", "PyTorch, GPipe in two threads, m=8", "gpipe-threads", 8),
        pipeline(DDP, "PyTorch, DistributedDataParallel in two processes", "ddp", 1));
  }

  /** The plain one with so many threads. */
  static String plain(int threads) {
    return ALL + "-" + threads;
  }

  private static boolean isOne(Peer peer) {
    return peer.name().startsWith(ALL + "-");
  }

  /** Whether a peer is one of these that runs two stages. */
  static boolean isPipeline(Peer peer) {
    return isOne(peer) && !List.of(plain(1), plain(2), DDP).contains(peer.name());
  }

  /**
   * Those that can run: all of them, or those that need no torch, if there is none.
   *
   * @param pythons to look for it in
   * @param teller is then told how to get it, in a line
   */
  static List<Peer> runnable(List<Peer> wanted, List<String> pythons, Consumer<String> teller) {
    if (wanted.stream().noneMatch(Torch::isOne) || python(pythons).isPresent()) {
      return wanted;
    }
    teller.accept("No Python with torch (tried " + String.join(", ", pythons) + "): " + ADVICE);
    return wanted.stream().filter(peer -> !isOne(peer)).toList();
  }

  private static Peer pipeline(String name, String what, String way, int microBatches) {
    Peer alone = peer(name, what, way, 1, microBatches);
    return new Peer(
        name, what, alone.program(), alone.takes(), 2, alone.environment(), alone.share());
  }

  private static Peer peer(String name, String what, String way, int threads, int microBatches) {
    return new Peer(
        name,
        what,
        (work, rows) ->
            List.of(
                python(candidates()).orElseThrow(() -> new IllegalStateException(ADVICE)),
                "-c",
                script(),
                work.name(),
                Integer.toString(rows),
                way,
                Integer.toString(threads),
                Integer.toString(microBatches)),
        work -> WORKS.contains(work.name()),
        threads,
        environment(System.getenv(), processorFlags(), threads),
        1);
  }

  /** What its process is told besides: threads, and which OpenBLAS with which kernels. */
  static Map<String, String> environment(
      Map<String, String> users, Set<String> processorFlags, int threads) {
    Map<String, String> own = new TreeMap<>(Peer.threads(threads));
    if (!users.containsKey(CORE_TYPE)) {
      if (processorFlags.contains("avx512f")) {
        own.put(CORE_TYPE, "SkylakeX");
      } else if (processorFlags.contains("avx2")) {
        own.put(CORE_TYPE, "Haswell");
      }
    }
    if (!users.containsKey(LIBRARIES)) {
      // OpenMP's build of OpenBLAS shares its threads with PyTorch; another's would fight them.
      openMpBuild().ifPresent(folder -> own.put(LIBRARIES, folder.toString()));
    }
    return own;
  }

  private static Optional<Path> openMpBuild() {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu")) {
      for (Path platform : found) {
        Path folder = platform.resolve("openblas-openmp");
        if (Files.isDirectory(folder)) {
          return Optional.of(folder);
        }
      }
    } catch (IOException none) {
      // Another system, with other folders: it takes the one that it takes.
    }
    return Optional.empty();
  }

  private static Set<String> processorFlags() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+"))
          .map(flags -> Set.copyOf(Arrays.asList(flags)))
          .orElse(Set.of());
    } catch (IOException | UncheckedIOException none) {
      return Set.of();
    }
  }

  /** Pythons to try, the one that the user names, the first of the path and the system's. */
  static List<String> candidates() {
    String users = System.getenv("PENSTOCK_PYTHON");
    return users != null ? List.of(users) : List.of("python3", "/usr/bin/python3");
  }

  /** The first of these that has torch. */
  static Optional<String> python(List<String> candidates) {
    return candidates.stream().filter(Torch::hasTorch).findFirst();
  }

  private static boolean hasTorch(String python) {
    try {
      Process asked =
          new ProcessBuilder(python, "-c", "import torch")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return asked.waitFor(ASKING_SECONDS, TimeUnit.SECONDS) && asked.exitValue() == 0;
      } finally {
        asked.destroyForcibly();
      }
    } catch (IOException none) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The script's text. */
  static String script() {
    try (InputStream script = Torch.class.getResourceAsStream(SCRIPT)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException("Cannot read " + SCRIPT + " from this jar", broken);
    }
  }
}
