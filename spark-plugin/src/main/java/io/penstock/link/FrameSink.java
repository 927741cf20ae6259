package io.penstock.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes one frame off the network: each chunk goes straight to its place in the array's off-heap
 * memory.
 */
final class FrameSink implements StreamCallbackWithID {
  private final FrameHeader header;
  private final Inbox inbox;
  private final INDArray array;
  private final ByteBuffer memory;

  FrameSink(FrameHeader header, Inbox inbox, Shelf shelf) {
    this.header = header;
    this.inbox = inbox;
    array = shelf.take(header.type(), header.shape(), header.ordering());
    memory = Tensors.memory(array);
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
    memory.put(chunk);
  }

  @Override
  public void onComplete(String id) throws IOException {
    if (memory.hasRemaining()) {
      throw new IOException(header.tag() + " lacks " + memory.remaining() + " bytes.");
    }
    Tensors.written(array);
    inbox.deliver(header.fromRank(), header.tag(), array);
  }

  @Override
  public void onFailure(String id, Throwable cause) {
    inbox.fail(
        new LinkException(
            "Lost rank " + header.fromRank() + " while it sent " + header.tag() + ".", cause));
  }
}
