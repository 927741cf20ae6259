package io.penstock.link;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures links between two processes beside plain blocking NIO sockets at the same sizes, the two
 * in turn, and prints medians: one way of a ping-pong, and the rate of frames sent without waiting.
 * Then the handover within one JVM. Not a test. Arguments: Spark settings, {@code key=value};
 * system properties: {@code sizes} in KiB, {@code rounds}.
 */
public final class LinkBenchmark {
  private static final int[] SIZES =
      Arrays.stream(System.getProperty("sizes", "4,64,256,1024,4096").split(","))
          .mapToInt(kib -> Integer.parseInt(kib) << 10)
          .toArray();
  private static final int ROUNDS = Integer.getInteger("rounds", 9);
  private static final long WARM_UP_NANOS = 12_000_000_000L;
  private static final int BURST = 48 << 20;
  private static final String CHILD = "--child=";
  private static final int PING = 0;
  private static final int STREAM = 1;
  private static final int SPENT = 2;

  private final Carrier.Plain control;
  private final Carrier[] carriers;

  private LinkBenchmark(SocketChannel control, SocketChannel plain, Link link, int self)
      throws IOException {
    this.control = Carrier.Plain.over(control);
    carriers = new Carrier[] {Carrier.Plain.over(plain), new Carrier.Linked(link, self, true)};
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> conf = new HashMap<>();
    int port = 0;
    for (String arg : args) {
      if (arg.startsWith(CHILD)) {
        port = Integer.parseInt(arg.substring(CHILD.length()));
      } else {
        conf.put(arg.split("=")[0], arg.split("=")[1]);
      }
    }
    LinkConfig config =
        new LinkConfig("127.0.0.1", "127.0.0.1", 0, conf, "bench", null, false, true);
    if (port == 0) {
      measure(config, args);
      handOver();
      System.exit(0);
    } else {
      serve(config, port);
    }
  }

  private static void measure(LinkConfig config, String[] args) throws Exception {
    try (ServerSocketChannel door = ServerSocketChannel.open();
        Link link = Links.open(config)) {
      door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Process child = child(((InetSocketAddress) door.getLocalAddress()).getPort(), args);
      try (SocketChannel control = door.accept();
          SocketChannel plain = door.accept()) {
        connect(link, 0, control.socket());
        new LinkBenchmark(control, plain, link, 0).table();
      } finally {
        child.destroy();
      }
    }
  }

  private static Process child(int port, String[] args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LinkBenchmark.class.getName(), CHILD + port));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static void connect(Link link, int self, Socket control) throws IOException {
    byte[] mine = (link.address() + "\n").getBytes(StandardCharsets.UTF_8);
    control.getOutputStream().write(mine);
    @SuppressWarnings("deprecation") // reads not a byte past the line, as a reader would
    String theirs = new DataInputStream(control.getInputStream()).readLine();
    String[] addresses = {theirs, theirs};
    addresses[self] = link.address();
    link.connect(self, List.of(addresses));
  }

  private static void serve(LinkConfig config, int port) throws Exception {
    InetSocketAddress parent = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (SocketChannel control = SocketChannel.open(parent);
        SocketChannel plain = SocketChannel.open(parent);
        Link link = Links.open(config)) {
      connect(link, 1, control.socket());
      new LinkBenchmark(control, plain, link, 1).serve();
    }
  }

  private void serve() throws Exception {
    while (true) {
      control.receive(16);
      ByteBuffer order = control.buffer().flip();
      Carrier carrier = carriers[order.getInt()];
      int kind = order.getInt();
      int size = order.getInt();
      int count = order.getInt();
      switch (kind) {
        case PING -> {
          for (int i = 0; i < count; i++) {
            carrier.receive(size);
            carrier.send(size);
          }
        }
        case STREAM -> {
          for (int i = 0; i < count; i++) {
            carrier.receive(size);
          }
          carrier.send(4);
        }
        default -> {
          Spent spent = Spent.now();
          control.buffer().clear().putLong(spent.heapBytes()).putLong(spent.cpuNanos());
          control.send(16);
        }
      }
    }
  }

  private void order(int carrier, int kind, int size, int count) throws IOException {
    control.buffer().clear().putInt(carrier).putInt(kind).putInt(size).putInt(count);
    control.send(16);
  }

  private void table() throws Exception {
    System.out.printf(
        "%8s | %21s | %27s | %15s | %s%n",
        "frame", "one way, us", "stream, GB/s", "CPU a frame, us", "heap a frame, bytes");
    System.out.printf(
        "%8s | %6s %6s %7s | %6s %6s %6s %6s | %7s %7s | %6s %6s%n",
        "KiB",
        "NIO",
        "link",
        "ratio",
        "NIO",
        "link",
        "ratio",
        "worst",
        "NIO",
        "link",
        "sender",
        "receiver");
    // The compiler takes seconds for what carries a link, and has to be done before anything
    // counts.
    long warm = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < warm) {
      for (int size : SIZES) {
        for (int carrier = 0; carrier < 2; carrier++) {
          oneWay(carrier, size, 100);
          rate(carrier, size, 64);
        }
      }
    }
    for (int size : SIZES) {
      double[][] oneWay = new double[2][ROUNDS];
      double[][] rate = new double[2][ROUNDS];
      double[] cpu = new double[2]; // the mean of all rounds: the clock of a process is coarse
      long[] garbage = new long[2];
      int frames = Math.max(8, Math.min(1024, BURST / size));
      for (int round = -1; round < ROUNDS; round++) {
        for (int carrier = 0; carrier < 2; carrier++) {
          int kept = Math.max(0, round);
          oneWay[carrier][kept] = oneWay(carrier, size, 60);
          Spent here = Spent.now();
          Spent there = spentThere();
          rate[carrier][kept] = rate(carrier, size, frames);
          here = Spent.now().since(here);
          there = spentThere().since(there);
          if (round >= 0) {
            cpu[carrier] += (here.cpuNanos() + there.cpuNanos()) / 1e3 / frames / ROUNDS;
          }
          garbage[0] = here.heapBytes() / frames; // what stays is the link's, the last
          garbage[1] = there.heapBytes() / frames;
        }
      }
      double[] ratios = new double[ROUNDS];
      Arrays.setAll(ratios, i -> rate[1][i] / rate[0][i]);
      double ratio = median(ratios);
      System.out.printf(
          "%8d | %6.1f %6.1f %7.2f | %6.2f %6.2f %6.2f %6.2f | %7.1f %7.1f | %6d %6d%n",
          size >> 10,
          median(oneWay[0]),
          median(oneWay[1]),
          median(oneWay[1]) / median(oneWay[0]),
          median(rate[0]),
          median(rate[1]),
          ratio,
          Arrays.stream(ratios).min().orElseThrow(),
          cpu[0],
          cpu[1],
          garbage[0],
          garbage[1]);
    }
  }

  private double oneWay(int carrier, int size, int count) throws Exception {
    order(carrier, PING, size, count);
    return roundTrip(carriers[carrier], size, count) / 2;
  }

  private static double roundTrip(Carrier carrier, int size, int count) throws Exception {
    double[] micros = new double[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      carrier.send(size);
      carrier.receive(size);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    return median(micros);
  }

  private double rate(int carrier, int size, int frames) throws Exception {
    order(carrier, STREAM, size, frames);
    long start = System.nanoTime();
    for (int i = 0; i < frames; i++) {
      carriers[carrier].send(size);
    }
    carriers[carrier].receive(4);
    return (double) size * frames / (System.nanoTime() - start);
  }

  private Spent spentThere() throws IOException {
    order(0, SPENT, 0, 0);
    control.receive(16);
    return new Spent(control.buffer().getLong(0), control.buffer().getLong(8));
  }

  /** What a process has used since it began: of its heap, and of the processors. */
  private record Spent(long heapBytes, long cpuNanos) {
    static Spent now() {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long[] bytes = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      return new Spent(Arrays.stream(bytes).sum(), system.getProcessCpuTime());
    }

    Spent since(Spent earlier) {
      return new Spent(heapBytes - earlier.heapBytes, cpuNanos - earlier.cpuNanos);
    }
  }

  /** Within one JVM the array itself is handed over. */
  private static void handOver() throws Exception {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    try (Link here = Links.open(config);
        Link there = Links.open(config)) {
      List<String> addresses = List.of(here.address(), there.address());
      here.connect(0, addresses);
      there.connect(1, addresses);
      int count = 20_000;
      int size = 64 << 10;
      Thread echo =
          new Thread(
              () -> {
                try {
                  Carrier carrier = new Carrier.Linked(there, 1, false);
                  for (int i = 0; i < count; i++) {
                    carrier.receive(size);
                    carrier.send(size);
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      echo.start();
      double micros = roundTrip(new Carrier.Linked(here, 0, false), size, count) / 2;
      echo.join();
      System.out.printf("within one JVM, by reference: %.1f us one way%n", micros);
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
