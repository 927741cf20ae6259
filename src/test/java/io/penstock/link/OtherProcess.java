package io.penstock.link;

import io.penstock.testing.Lines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Rank 1 of two in a process of its own, which can be stopped and killed. It sends back the first
 * frame it gets.
 */
final class OtherProcess implements AutoCloseable {
  static final Tag THERE = new Tag(new Channel.Activation(1), 0, 0);
  static final Tag BACK = new Tag(new Channel.Gradient(0), 0, 0);

  private final Process process;
  private final Lines heard;

  OtherProcess() throws IOException {
    process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    heard = new Lines(process.getInputStream());
  }

  /** Connects rank 0, which is ours, and the process with each other. */
  void join(Link rank0) throws IOException, InterruptedException {
    Address address = read(heard.next(Pattern.compile("^address (.*)")).group(1));
    String own = written(rank0.address()) + "\n";
    process.getOutputStream().write(own.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    rank0.connect(0, List.of(rank0.address(), address));
    heard.next(Pattern.compile("^connected"));
  }

  private static String written(Address address) {
    return address.host() + " " + address.port() + " " + address.jvm() + " " + address.link();
  }

  private static Address read(String line) {
    String[] words = line.split(" ");
    return new Address(
        words[0], Integer.parseInt(words[1]), UUID.fromString(words[2]), UUID.fromString(words[3]));
  }

  /** Stops it as a debugger would: connections stay open, nothing is read. */
  void freeze() throws Exception {
    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] none) throws Exception {
    PrintStream out = System.out;
    try (Link link = Links.open(LinkConfig.on("127.0.0.1"))) {
      out.println("address " + written(link.address()));
      String first = new BufferedReader(new InputStreamReader(System.in)).readLine();
      link.connect(1, List.of(read(first), link.address()));
      out.println("connected");
      link.lend(0, BACK, link.receive(THERE, () -> false));
    }
  }
}
