package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A run goes on unharmed, whatever those send who have found its ports. */
@Timeout(180)
@ExtendWith(QuietSpark.class)
class StrangersTest {
  private static final int CROWD = 400;
  private static final int FRAMES = 60;
  private static final long MOST_BYTES = 64L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static List<LinkConfig> doors() {
    return TransportTest.doors().toList();
  }

  private static int port(Link link) {
    return link.address().port();
  }

  private static Socket come(Link link) throws IOException {
    return new Socket("127.0.0.1", port(link));
  }

  private static void attack(Link link, byte[] bytes, List<Socket> open) {
    try {
      Socket socket = come(link);
      open.add(socket);
      socket.getOutputStream().write(bytes);
    } catch (IOException cut) {
      // while it spoke
    }
  }

  private static long allocated() {
    return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static void assertFrame(Link from, Link to, int number) throws Exception {
    Tag tag = new Tag(new Channel.Activation(1), number, 0);
    INDArray array = Nd4j.rand(DataType.FLOAT, 64, 1 + number);
    from.send(1, tag, array);
    assertEquals(array, to.receive(tag, () -> false).array());
  }

  @ParameterizedTest
  @MethodSource("doors")
  void framesArriveBitForBitWhileStrangersComeAndNothingIsKeptForThem(LinkConfig config)
      throws Exception {
    List<Socket> open = new ArrayList<>();
    try (Link from = Links.open(config);
        Link to = Links.open(config)) {
      long before = allocated();
      for (byte[] attack : Attacks.all()) { // while the ranks are awaited
        attack(to, attack, open);
        attack(from, attack, open);
      }
      List<Address> addresses = List.of(from.address(), to.address());
      from.connect(0, addresses);
      assertFrame(from, to, 0);
      for (byte[] attack : Attacks.all()) { // while one of two is here
        attack(to, attack, open);
        attack(from, attack, open);
      }
      to.connect(1, addresses);
      List<byte[]> attacks = Attacks.all();
      for (int number = 1; number < FRAMES; number++) { // in the midst of frames
        attack(to, attacks.get(number % attacks.size()), open);
        assertFrame(from, to, number);
      }
      for (Socket stranger : open) {
        assertCut(stranger);
      }
      long taken = allocated() - before;
      assertTrue(taken < MOST_BYTES, taken + " bytes were allocated");
      assertEquals(FRAMES, to.stats().framesReceived());
    }
  }

  /** Reads until the end: some are told why. */
  private static void assertCut(Socket stranger) throws IOException {
    try (stranger) {
      stranger.getInputStream().readAllBytes();
    } catch (IOException reset) {
      assertTrue(reset.getMessage().contains("reset"), reset.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void aCrowdAtTheDoorKeepsNoRankOut(LinkConfig config) throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try (Link from = Links.open(config);
        Link to = Links.open(config)) {
      for (int i = 0; i < CROWD; i++) {
        crowd.add(come(to));
      }
      List<Address> addresses = List.of(from.address(), to.address());
      from.connect(0, addresses);
      to.connect(1, addresses);
      assertFrame(from, to, 0);
      for (Socket stranger : crowd) {
        assertCut(stranger);
      }
    }
  }
}
