package io.penstock.bench;

import io.penstock.examples.Example;
import io.penstock.examples.Option;
import io.penstock.examples.Options;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Measures links between two processes beside plain blocking NIO sockets at the same sizes, the two
 * in turn, and prints medians: one way of a ping-pong, and the rate of frames sent without waiting.
 * Then the handover within one JVM.
 *
 * <p>{@code examples/run links [--sizes 4,64,256,1024,4096] [--rounds 9] [--settings
 * KEY=VALUE,...]}
 */
public final class LinkRates {
  private static final Example EXAMPLE =
      new Example(
          "links",
          "Frames between two processes, beside plain sockets",
          List.of(
              Option.counts("sizes", "4,64,256,1024,4096", "of a frame, in KiB"),
              Option.count("rounds", 9, "of which medians are told"),
              new Option(
                  "settings",
                  "",
                  "of Spark's network, KEY=VALUE with commas",
                  (its, value) -> settings(value)),
              Option.atLeast(0, "port", "of the process that started this one; its own affair")));

  private static final long WARM_UP_NANOS = 12_000_000_000L;
  private static final int BURST = 48 << 20;
  private static final int PING = 0;
  private static final int STREAM = 1;
  private static final int SPENT = 2;

  private final Carrier.Plain control;
  private final Carrier[] carriers;

  private LinkRates(SocketChannel control, SocketChannel plain, Link link, int self)
      throws IOException {
    this.control = Carrier.Plain.over(control);
    carriers = new Carrier[] {Carrier.Plain.over(plain), new Carrier.Linked(link, self, true)};
  }

  /** Measures and prints; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> run(options, arguments));
  }

  private static void run(Options options, String[] arguments) throws Exception {
    NativeRuntime.ready(1);
    Map<String, String> settings = settings(options.text("settings"));
    LinkConfig config =
        new LinkConfig("127.0.0.1", "127.0.0.1", 0, settings, "bench", null, false, true);
    OptionalInt port = options.optional("port", 1);
    if (port.isPresent()) {
      serve(config, port.getAsInt());
      return;
    }
    int[] sizes = Arrays.stream(options.counts("sizes")).map(kib -> kib << 10).toArray();
    measure(config, sizes, options.count("rounds"), arguments);
    HandOver.measure();
    System.exit(0);
  }

  /** Reads {@code KEY=VALUE} with commas between them. */
  static Map<String, String> settings(String text) {
    Map<String, String> settings = new HashMap<>();
    for (String one : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String[] both = one.strip().split("=", 2);
      if (both.length < 2) {
        throw new IllegalArgumentException(
            "--settings has '" + one + "': write KEY=VALUE, such as io.mode=EPOLL");
      }
      settings.put(both[0], both[1]);
    }
    return settings;
  }

  private static void measure(LinkConfig config, int[] sizes, int rounds, String[] args)
      throws Exception {
    try (ServerSocketChannel door = ServerSocketChannel.open();
        Link link = Links.open(config)) {
      door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Process child = child(((InetSocketAddress) door.getLocalAddress()).getPort(), args);
      try (SocketChannel control = door.accept();
          SocketChannel plain = door.accept()) {
        connect(link, 0, control.socket());
        new LinkRates(control, plain, link, 0).table(sizes, rounds);
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
    command.add(LinkRates.class.getName());
    command.addAll(List.of(args));
    command.add("--port=" + port);
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static void connect(Link link, int self, Socket control) throws IOException {
    Address mine = link.address();
    DataOutputStream out = new DataOutputStream(control.getOutputStream());
    out.writeUTF(mine.host());
    out.writeInt(mine.port());
    out.writeUTF(mine.jvm().toString());
    out.writeUTF(mine.link().toString());
    // Reads not a byte past it, as a stream of objects would.
    DataInputStream in = new DataInputStream(control.getInputStream());
    Address theirs =
        new Address(
            in.readUTF(),
            in.readInt(),
            UUID.fromString(in.readUTF()),
            UUID.fromString(in.readUTF()));
    link.connect(self, self == 0 ? List.of(mine, theirs) : List.of(theirs, mine));
  }

  private static void serve(LinkConfig config, int port) throws Exception {
    InetSocketAddress parent = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (SocketChannel control = SocketChannel.open(parent);
        SocketChannel plain = SocketChannel.open(parent);
        Link link = Links.open(config)) {
      connect(link, 1, control.socket());
      new LinkRates(control, plain, link, 1).serve();
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

  private void table(int[] sizes, int rounds) throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%8s | %21s | %27s | %15s | %s%n",
        "frame",
        "one way, us",
        "stream, GB/s",
        "CPU a frame, us",
        "heap a frame, bytes");
    System.out.printf(
        Locale.ROOT,
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
      for (int size : sizes) {
        for (int carrier = 0; carrier < 2; carrier++) {
          oneWay(carrier, size, 100);
          rate(carrier, size, 64);
        }
      }
    }
    for (int size : sizes) {
      double[][] oneWay = new double[2][rounds];
      double[][] rate = new double[2][rounds];
      double[] cpu = new double[2]; // the mean of all rounds: the clock of a process is coarse
      long[] garbage = new long[2];
      int frames = Math.max(8, Math.min(1024, BURST / size));
      for (int round = -1; round < rounds; round++) {
        for (int carrier = 0; carrier < 2; carrier++) {
          int kept = Math.max(0, round);
          oneWay[carrier][kept] = oneWay(carrier, size, 60);
          Spent here = Spent.now();
          Spent there = spentThere();
          rate[carrier][kept] = rate(carrier, size, frames);
          here = Spent.now().since(here);
          there = spentThere().since(there);
          if (round >= 0) {
            cpu[carrier] += (here.cpuNanos() + there.cpuNanos()) / 1e3 / frames / rounds;
          }
          garbage[0] = here.heapBytes() / frames; // what stays is the link's, the last
          garbage[1] = there.heapBytes() / frames;
        }
      }
      double[] ratios = new double[rounds];
      Arrays.setAll(ratios, i -> rate[1][i] / rate[0][i]);
      double ratio = Median.of(ratios);
      System.out.printf(
          Locale.ROOT,
          "%8d | %6.1f %6.1f %7.2f | %6.2f %6.2f %6.2f %6.2f | %7.1f %7.1f | %6d %6d%n",
          size >> 10,
          Median.of(oneWay[0]),
          Median.of(oneWay[1]),
          Median.of(oneWay[1]) / Median.of(oneWay[0]),
          Median.of(rate[0]),
          Median.of(rate[1]),
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

  static double roundTrip(Carrier carrier, int size, int count) throws Exception {
    double[] micros = new double[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      carrier.send(size);
      carrier.receive(size);
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    return Median.of(micros);
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
}
