package io.penstock.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.array.Loan;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Receiver of one frame's bytes. Each chunk goes straight to its place in the array's off-heap
 * memory: either the socket was read to that {@link #place}, or the chunk is copied there. For the
 * connection's own thread.
 */
final class FrameSink implements StreamCallbackWithID {
  private final FrameHeader header;
  private final String from;
  private final Inbox inbox;
  private final FrameBufferPool pool;
  private final Transfer transfer;
  private final INDArray array;
  private final ByteBuffer memory;
  private final ByteBuf place;
  private int placed;

  /**
   * A receiver of the frame that a header announces.
   *
   * @param from the sender's address, for messages
   */
  FrameSink(FrameHeader header, String from, Inbox inbox, FrameBufferPool pool) {
    this.header = header;
    this.from = from;
    this.inbox = inbox;
    this.pool = pool;
    transfer = pool.transfer();
    transfer.bind(); // the thread is one of Netty's
    array = pool.take(header.type(), header.shape(), header.ordering());
    memory = Tensors.memory(array);
    place = Unpooled.wrappedBuffer(memory);
  }

  /** Returns how many bytes are still to come. */
  int remaining() {
    return memory.remaining();
  }

  /**
   * Returns the memory where the next bytes belong, to be written to; {@link #placed} says how many
   * were.
   */
  ByteBuf place() {
    int next = place.capacity() - remaining();
    return place.setIndex(next, next).retain();
  }

  /** Notes that the next chunk, of this many bytes, has been written to its place. */
  void placed(int bytes) {
    placed = bytes;
  }

  @Override
  public String getID() {
    return "frame"; // asked for with every frame; what goes wrong is named by its tag below
  }

  @Override
  public void onData(String id, ByteBuffer chunk) throws IOException {
    if (chunk.remaining() > memory.remaining()) {
      throw new IOException(header.tag() + " has more bytes than its header says.");
    }
    if (placed > 0) {
      requireAllOf(chunk);
      memory.position(memory.position() + placed);
      placed = 0;
    } else {
      memory.put(chunk);
    }
  }

  private void requireAllOf(ByteBuffer chunk) throws IOException {
    if (chunk.remaining() != placed) {
      throw new IOException(
          header.tag()
              + " was read as "
              + placed
              + " bytes but handed over as "
              + chunk.remaining()
              + ". Another handler stands in the connection's pipeline.");
    }
  }

  @Override
  public void onComplete(String id) throws IOException {
    int lacking = remaining();
    if (lacking > 0) {
      memory.position(memory.limit()); // what comes next is not for this array
      throw new IOException(header.tag() + " lacks " + lacking + " bytes.");
    }
    transfer.received(array);
    inbox.deliver(header.fromRank(), header.tag(), Loan.of(array, pool::putBack));
  }

  @Override
  public void onFailure(String id, Throwable cause) {
    inbox.lost(
        LostPeerException.connection(
            header.fromRank(),
            from,
            "broke while " + header.tag() + " came in: " + Breakage.of(cause),
            cause));
  }
}
