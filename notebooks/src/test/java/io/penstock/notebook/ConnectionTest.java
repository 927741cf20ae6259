package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.channels.LoopThread;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.org.zeromq.SocketType;
import org.rapaio.org.zeromq.ZMQ;

/** With a client of ZeroMQ's, as Jupyter is one. */
@Timeout(120)
class ConnectionTest {
  /** If each failed as often as the library's own, one in four, all would be well once in 300. */
  private static final int STARTS = 20;

  /** As Jupyter does: a request that was not answered is sent again. */
  private static final int PATIENCE_MILLIS = 1000;

  private static final String ASKS =
      """
      {"msg_id": "1", "username": "u", "session": "s", "msg_type": "kernel_info_request",
       "date": "2024-01-01T00:00:00.000000Z", "version": "5.3"}\
      """;

  @BeforeAll
  static void quiet() {
    Logger.getLogger("").setLevel(Level.WARNING);
  }

  private static ConnectionProperties freePorts() throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.add(new ServerSocket(0));
    }
    int[] ports = open.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    for (ServerSocket socket : open) {
      socket.close();
    }
    return new ConnectionProperties(
        ports[0], ports[1], "tcp", "hmac-sha256", ports[2], ports[3], "127.0.0.1", ports[4], "");
  }

  private static void close(Channels channels) throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread instanceof LoopThread loop) {
        loop.shutdown();
        loop.join();
      }
    }
    channels.close();
  }

  private static long loops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(LoopThread.class::isInstance)
        .count();
  }

  private static ZMQ.Socket client(ZMQ.Context context, SocketType type, String address) {
    ZMQ.Socket socket = context.socket(type);
    socket.setReceiveTimeOut(PATIENCE_MILLIS);
    socket.setLinger(0);
    socket.connect(address);
    return socket;
  }

  private static void ask(ZMQ.Socket socket) {
    for (String frame : List.of("<IDS|MSG>", "", ASKS, "{}", "{}")) {
      socket.sendMore(frame);
    }
    socket.send("{}");
  }

  /** Asks until there is an answer. */
  private static String answer(ZMQ.Socket socket) {
    String first = null;
    while (first == null) {
      ask(socket);
      first = socket.recvStr();
    }
    StringBuilder answer = new StringBuilder(first);
    while (socket.hasReceiveMore()) {
      answer.append(socket.recvStr());
    }
    return answer.toString();
  }

  @Test
  void everyChannelAnswersHoweverOftenAKernelStarts() throws Exception {
    for (int start = 0; start < STARTS; start++) {
      ConnectionProperties ports = freePorts();
      Channels channels = new Connection(ports, SparkKernel.ofThisProcess()).open();
      ZMQ.Context context = ZMQ.context(1);
      try (ZMQ.Socket heart = client(context, SocketType.REQ, ports.formatAddress(ports.hbPort()));
          ZMQ.Socket shell =
              client(context, SocketType.DEALER, ports.formatAddress(ports.shellPort()))) {
        heart.setReceiveTimeOut(-1);
        heart.send("beat");
        assertEquals("beat", heart.recvStr());
        assertTrue(answer(shell).contains("kernel_info_reply"));
        assertEquals(3, loops(), "heartbeat, shell and control");
      } finally {
        close(channels);
        context.close();
      }
    }
  }

  @Test
  void aClientThatAsksBeforeTheKernelIsThereIsAnswered() throws Exception {
    ConnectionProperties ports = freePorts();
    ZMQ.Context context = ZMQ.context(1);
    try (ZMQ.Socket shell =
        client(context, SocketType.DEALER, ports.formatAddress(ports.shellPort()))) {
      ask(shell);
      Channels channels = new Connection(ports, SparkKernel.ofThisProcess()).open();
      try {
        assertTrue(answer(shell).contains("kernel_info_reply"));
      } finally {
        close(channels);
      }
    } finally {
      context.close();
    }
  }

  /** Whoever is answered sends its cells, which channels that are opened again would not read. */
  @Test
  void nobodyIsAnsweredBeforeAllChannelsListen() throws Exception {
    ConnectionProperties ports = freePorts();
    SparkKernel kernel = SparkKernel.ofThisProcess();
    Channels channels = new Connection(ports, kernel).open();
    ZMQ.Context context = ZMQ.context(1);
    try (ZMQ.Socket shell =
        client(context, SocketType.DEALER, ports.formatAddress(ports.shellPort()))) {
      kernel.answer(false); // as while others are tried
      ask(shell);
      assertNull(shell.recvStr());
      kernel.answer(true);
      assertTrue(answer(shell).contains("kernel_info_reply"));
    } finally {
      close(channels);
      context.close();
    }
  }
}
