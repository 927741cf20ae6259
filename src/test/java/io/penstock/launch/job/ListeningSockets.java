package io.penstock.launch.job;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a process of this machine listens and who has come to it, as Linux tells it. */
public final class ListeningSockets {
  private static final int ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENS = "0A";
  private static final String STANDS = "01";

  private record Port(String address, int port, String state, int descriptor) {}

  private ListeningSockets() {}

  public static boolean canBeTold() {
    return Files.exists(Path.of("/proc/self/net/tcp"));
  }

  /** {@code address:port} of each socket that the process listens on. */
  public static Set<String> of(long pid) throws IOException {
    return ports(Path.of("/proc", Long.toString(pid))).stream()
        .filter(port -> port.state.equals(LISTENS))
        .map(port -> port.address + ":" + port.port)
        .collect(Collectors.toSet());
  }

  /** The descriptors of this process' sockets over which others have come to it. */
  static List<Integer> incoming() throws IOException {
    List<Port> all = ports(Path.of("/proc/self"));
    Set<Integer> doors =
        all.stream()
            .filter(port -> port.state.equals(LISTENS))
            .map(Port::port)
            .collect(Collectors.toSet());
    return all.stream()
        .filter(port -> port.state.equals(STANDS) && doors.contains(port.port))
        .map(Port::descriptor)
        .toList();
  }

  private static List<Port> ports(Path process) throws IOException {
    Map<String, Integer> own = new HashMap<>();
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      for (Path one : open.toList()) {
        try {
          own.put(
              Files.readSymbolicLink(one).toString(),
              Integer.parseInt(one.getFileName().toString()));
        } catch (NoSuchFileException closed) {
          // between the two looks
        }
      }
    }
    List<Port> found = new ArrayList<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(process.resolve(table))) {
        String[] fields = line.strip().split("\\s+");
        Integer descriptor = own.get("socket:[" + fields[INODE] + "]");
        if (descriptor != null) {
          String[] place = fields[ADDRESS].split(":");
          found.add(
              new Port(
                  address(place[0]), Integer.parseInt(place[1], 16), fields[STATE], descriptor));
        }
      }
    }
    return found;
  }

  /** Words of four bytes each, in the order of the machine: least first. */
  private static String address(String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    byte[] ordered = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ordered[i] = bytes[i / 4 * 4 + 3 - i % 4];
    }
    return InetAddress.getByAddress(ordered).getHostAddress(); // of ::ffff:1.2.3.4 that is 1.2.3.4
  }
}
