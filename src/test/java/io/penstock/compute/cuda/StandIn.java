package io.penstock.compute.cuda;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.penstock.testing.Command;
import io.penstock.testing.SourceFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Stand-in of CUDA's driver for machines without a GPU, which runs the very kernels that a GPU
 * would, compiled by g++. It is built when a process first asks for it and its sources have changed
 * since. Every other launch runs its blocks and threads backwards, so that results differ where
 * threads race. What it does not show: how a GPU rounds, and how fast it is.
 *
 * @param library the stand-in, loaded
 */
public record StandIn(NativeLibrary library) {
  private static final Pattern KERNEL = Pattern.compile("^KERNEL\\((\\w+)\\)", Pattern.MULTILINE);

  private static final Path ROOT = Path.of(System.getProperty("penstock.root"));
  private static final Path KERNELS = ROOT.resolve("spark-plugin/src/main/cuda");
  private static final Path SOURCES = ROOT.resolve("src/test/cuda");
  private static final Path BUILT = ROOT.resolve("spark-plugin/target/stand-in");

  /** What came of building it, once a process; nothing is built where a driver was named. */
  private static final class Built {
    static final Built HERE = new Built();

    private final String named = System.getProperty(Driver.LIBRARY);
    private final StandIn standIn;
    private final String problem;

    Built() {
      Path library = null;
      String trouble = null;
      try {
        if (named == null && Command.run(new ProcessBuilder("g++", "--version")).status() == 0) {
          library = build();
        }
      } catch (IOException none) {
        trouble = "There is no g++ to build the stand-in of CUDA's driver: " + none.getMessage();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      problem = trouble;
      if (library == null) {
        standIn = null;
      } else {
        System.setProperty(Driver.LIBRARY, library.toString());
        System.setProperty(CublasLibrary.LIBRARY, CublasLibrary.NONE);
        System.setProperty(CudnnLibrary.LIBRARY, CudnnLibrary.NONE);
        standIn = new StandIn(NativeLibrary.getInstance(library.toString()));
      }
    }
  }

  /**
   * Returns why tests cannot compute on a GPU; empty if they can, on this stand-in or on the driver
   * that the system property {@value Driver#LIBRARY} names.
   */
  public static Optional<String> problem() {
    return Optional.ofNullable(Built.HERE.problem);
  }

  /**
   * Returns it, as if nothing had been asked of it yet; the test is left out where there is none.
   */
  public static StandIn fresh() {
    problem().ifPresent(Assumptions::abort);
    Built built = Built.HERE;
    Assumptions.assumeTrue(
        built.standIn != null,
        "Tests run on the driver " + built.named + ", which takes no orders");
    built.standIn.reset();
    return built.standIn;
  }

  /** Opens the first GPU, after orders of tests before are forgotten. */
  public static CudaDevice device() {
    problem().ifPresent(Assumptions::abort);
    if (Built.HERE.standIn != null) {
      Built.HERE.standIn.reset();
    }
    return CudaDevice.open(CudaGpu.at(0));
  }

  /** Opens a backend that has the stand-in of cuBLASLt, which lies in the same library. */
  public static <T> T withCublas(Supplier<T> open) {
    return with(CublasLibrary.LIBRARY, CublasLibrary.NONE, open);
  }

  /** Opens a backend that has the stand-in of cuDNN, which lies there too. */
  public static <T> T withCudnn(Supplier<T> open) {
    return with(CudnnLibrary.LIBRARY, CudnnLibrary.NONE, open);
  }

  private static <T> T with(String property, String none, Supplier<T> open) {
    System.setProperty(property, System.getProperty(Driver.LIBRARY));
    try {
      return open.get();
    } finally {
      System.setProperty(property, none);
    }
  }

  /** Has cuBLASLt know no way to multiply matrices with so many inner numbers; 0 to undo it. */
  public void refuseProducts(long inner) {
    function("standInRefuse").invoke(new Object[] {inner});
  }

  /**
   * Has cuDNN know no way to convolve pictures of so many channels; 0 to undo it.
   *
   * @param late whether it says so only when it is asked to do it, and not when it is planned
   */
  public void refuseConvolutions(long channels, boolean late) {
    function("standInRefuseConvolutions").invoke(new Object[] {channels, late ? 1 : 0});
  }

  private Function function(String name) {
    return library.getFunction(name);
  }

  /** Forgets all orders, and that a GPU was lost. */
  public void reset() {
    function("standInReset").invoke(new Object[0]);
  }

  /**
   * Returns a count: {@code live} allocations, or {@code live N} of one GPU, and their {@code
   * bytes}, the {@code peak} of these, {@code locked} pieces of the host's memory, {@code events},
   * {@code streams}, {@code modules}, {@code contexts}, {@code launches} or {@code launches NAME},
   * copies {@code toDevice}, {@code toHost} and {@code within}, {@code sets}, of cuBLASLt {@code
   * products}, {@code products chosen} and {@code cublas live}, and of cuDNN {@code convolutions},
   * {@code convolutions planned} and {@code cudnn live}.
   */
  public long count(String what) {
    return (Long) function("standInCount").invoke(Long.class, new Object[] {what});
  }

  /**
   * Orders something: {@code failAllocation} and {@code loseAtLaunch} at the n-th from now, a
   * {@code capability} such as 61, a number of {@code devices}, {@code memory} in bytes, {@code
   * eager} 1 for work that is done at once, a {@code direction} of threads, 1 or -1, in place of
   * either in turn.
   */
  public void order(String what, long value) {
    if (function("standInOrder").invokeInt(new Object[] {what, value}) == 0) {
      throw new IllegalArgumentException("The stand-in takes no order " + what);
    }
  }

  /** Has it not find a kernel. */
  public void hide(String kernel) {
    function("standInHide").invoke(new Object[] {kernel});
  }

  private static Path build() throws IOException, InterruptedException {
    List<Path> kernels =
        Stream.concat(
                SourceFiles.below(KERNELS, ".cu").stream(),
                SourceFiles.below(SOURCES, ".cu").stream())
            .sorted()
            .toList();
    Path folder = BUILT.resolve(fingerprint());
    Path library = folder.resolve("libcuda.so.1");
    Files.createDirectories(folder);
    // Test classes run in two processes side by side.
    try (FileChannel lock =
            FileChannel.open(
                BUILT.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = lock.lock()) {
      if (!Files.exists(library)) {
        compile(kernels, folder, library);
      }
    }
    return library;
  }

  /** Tells sources apart that make another library. */
  private static String fingerprint() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path folder : List.of(KERNELS, SOURCES)) {
        for (String ending : List.of(".cu", ".h", ".cpp")) {
          for (Path file : SourceFiles.below(folder, ending).stream().sorted().toList()) {
            digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(file));
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void compile(List<Path> kernels, Path folder, Path library)
      throws IOException, InterruptedException {
    Path made = folder.resolve("made.so");
    List<String> command =
        new ArrayList<>(
            List.of("g++", "-std=c++17", "-O2", "-ffp-contract=off", "-shared", "-fPIC"));
    command.addAll(List.of("-w", "-U_FORTIFY_SOURCE", "-I" + SOURCES, "-I" + KERNELS));
    for (Path file : kernels) {
      command.add(unit(folder, file).toString());
    }
    SourceFiles.below(SOURCES, ".cpp").forEach(file -> command.add(file.toString()));
    command.addAll(List.of("-o", made.toString(), "-lpthread"));
    Command.Outcome outcome = Command.run(new ProcessBuilder(command));
    if (outcome.status() != 0) {
      throw new IllegalStateException("g++ takes no kernel of these: " + outcome.err());
    }
    Files.move(made, library, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Writes a source that includes a file of kernels, and makes them known. */
  private static Path unit(Path folder, Path kernels) throws IOException {
    StringBuilder source = new StringBuilder("#include \"kernel.h\"\n");
    source.append("#include \"").append(kernels).append("\"\n");
    Matcher kernel = KERNEL.matcher(Files.readString(kernels));
    while (kernel.find()) {
      source.append(
          "static Registered %1$s_known(\"%1$s\", Kernel<&%1$s>::read);\n"
              .formatted(kernel.group(1)));
    }
    String name = kernels.getFileName().toString();
    return Files.writeString(folder.resolve(name.replace(".cu", "_unit.cpp")), source);
  }
}
