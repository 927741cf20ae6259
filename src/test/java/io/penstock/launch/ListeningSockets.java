package io.penstock.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where a process of this machine listens, as Linux tells it. */
final class ListeningSockets {
  private static final int ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENS = "0A";

  private ListeningSockets() {}

  static boolean canBeTold() {
    return Files.exists(Path.of("/proc/self/net/tcp"));
  }

  /** {@code address:port} of each socket that the process listens on. */
  static Set<String> of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Set<String> own = new HashSet<>();
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      for (Path one : open.toList()) {
        try {
          own.add(Files.readSymbolicLink(one).toString());
        } catch (NoSuchFileException closed) {
          // between the two looks
        }
      }
    }
    Set<String> found = new TreeSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(process.resolve(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[STATE].equals(LISTENS) && own.contains("socket:[" + fields[INODE] + "]")) {
          String[] place = fields[ADDRESS].split(":");
          found.add(address(place[0]) + ":" + Integer.parseInt(place[1], 16));
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
