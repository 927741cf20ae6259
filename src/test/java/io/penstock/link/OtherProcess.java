package io.penstock.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rank 1 of two in a process of its own, which can be stopped and killed. It sends back the first frame it gets. */
final class OtherProcess implements AutoCloseable {
  static final Tag THERE = new Tag('F', 1, 0, 0);
  static final Tag BACK = new Tag('B', 0, 0, 0);

  private final Process process;
  private final BufferedReader heard;

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
    heard = new BufferedReader(new InputStreamReader(process.getInputStream()));
  }

  /** Connects rank 0, which is ours, and the process with each other. */
  void join(Link rank0) throws IOException {
    String address = await("address ");
    process.getOutputStream().write((rank0.address() + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    rank0.connect(0, List.of(rank0.address(), address));
    await("connected");
  }

  // Spark's log shares the stream.
  private String await(String word) throws IOException {
    String line = heard.readLine();
    while (line != null && !line.startsWith(word)) {
      line = heard.readLine();
    }
    if (line == null) {
      throw new IOException("The process ended before it said: " + word);
    }
    return line.substring(word.length());
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
      out.println("address " + link.address());
      String first = new BufferedReader(new InputStreamReader(System.in)).readLine();
      link.connect(1, List.of(first, link.address()));
      out.println("connected");
      link.lend(0, BACK, link.receive(THERE, () -> false));
    }
  }
}
