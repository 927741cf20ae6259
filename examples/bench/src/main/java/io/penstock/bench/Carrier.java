package io.penstock.bench;

import io.penstock.array.Loan;
import io.penstock.link.Channel;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One end of a way for frames between two processes, so that {@link LinkRates} treats all ways
 * alike.
 */
interface Carrier {
  void send(int bytes) throws Exception;

  void receive(int bytes) throws Exception;

  /** The yardstick: one direct buffer, used again and again, and one blocking socket. */
  record Plain(SocketChannel socket, ByteBuffer buffer) implements Carrier {
    static Plain over(SocketChannel socket) throws IOException {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return new Plain(socket, ByteBuffer.allocateDirect(1 << 23));
    }

    @Override
    public void send(int bytes) throws IOException {
      buffer.clear().limit(bytes);
      while (buffer.hasRemaining()) {
        socket.write(buffer);
      }
    }

    @Override
    public void receive(int bytes) throws IOException {
      buffer.clear().limit(bytes);
      while (buffer.hasRemaining()) {
        if (socket.read(buffer) < 0) {
          throw new IOException("The other end has gone.");
        }
      }
    }
  }

  /** A link: what is received is released at once. */
  final class Linked implements Carrier {
    private final Link link;
    private final int self;
    private final boolean releasing;
    private INDArray frame = Nd4j.create(DataType.FLOAT, 1);
    private long sent;
    private long received;

    Linked(Link link, int self, boolean releasing) {
      this.link = link;
      this.self = self;
      this.releasing = releasing;
    }

    @Override
    public void send(int bytes) {
      if (frame.length() * Float.BYTES != bytes) {
        frame = Nd4j.create(DataType.FLOAT, bytes / Float.BYTES);
      }
      link.send(1 - self, new Tag(new Channel.Probe(1 - self), sent++, 0), frame);
    }

    @Override
    public void receive(int bytes) throws InterruptedException {
      Loan loan = link.receive(new Tag(new Channel.Probe(self), received++, 0), () -> false);
      if (loan.array().length() * Float.BYTES != bytes) {
        throw new IllegalStateException("Received " + loan.array().shapeInfoToString());
      }
      if (releasing) {
        loan.close();
      }
    }
  }
}
