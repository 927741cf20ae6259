package io.penstock.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.protocol.UploadStream;

/**
 * Upload of one frame: Spark's upload request, byte for byte as {@link
 * TransportClient#uploadStream} writes it, but given to the socket as two plain buffers, which
 * Netty gathers into one write. Spark's own encoder hands over a file region: the header leaves in
 * a write of its own, which wakes the receiver for a hundred bytes, and the body in pieces of 256
 * KiB. Where a connection is encrypted, Spark's own way is taken: its SASL encryption never
 * finished messages that came as plain buffers.
 */
final class Upload
    implements Runnable, RpcResponseCallback, GenericFutureListener<Future<? super Void>> {
  private final TransportClient client;
  private final long id;
  private final ByteBuffer header;
  private final TensorBuffer body;
  private final Consumer<Throwable> outcome;

  /**
   * An upload of a header and a body.
   *
   * @param id of the request: below 0, for Spark numbers its own from 0 up
   * @param outcome told once, on any thread: null when the peer has confirmed the frame
   */
  Upload(
      TransportClient client,
      long id,
      ByteBuffer header,
      TensorBuffer body,
      Consumer<Throwable> outcome) {
    this.client = client;
    this.id = id;
    this.header = header;
    this.body = body;
    this.outcome = outcome;
  }

  /** Starts the upload and returns at once. */
  void start() {
    if (!InPlaceReceiveAllocator.isPlain(client.getChannel())) {
      client.uploadStream(new NioManagedBuffer(header), body, this);
      return;
    }
    // Known as a request before it is written: a broken connection then fails it, as does silence.
    client.getHandler().addRpcRequest(id, this);
    try {
      // As one task, for header and body must not be torn apart by another thread's.
      client.getChannel().eventLoop().execute(this);
    } catch (RejectedExecutionException e) {
      client.getHandler().removeRpcRequest(id);
      onFailure(e);
    }
  }

  /** Writes the frame, on the channel's own thread. */
  @Override
  public void run() {
    Channel channel = client.getChannel();
    channel.write(head(channel));
    channel.writeAndFlush(body.convertToNetty()).addListener(this);
  }

  private ByteBuf head(Channel channel) {
    UploadStream message = new UploadStream(id, new NioManagedBuffer(header), body);
    int length = Long.BYTES + message.type().encodedLength() + message.encodedLength();
    ByteBuf head = channel.alloc().directBuffer(length, length);
    head.writeLong(length); // the body is no part of what Spark calls a frame
    message.type().encode(head);
    message.encode(head);
    return head;
  }

  @Override
  public void operationComplete(Future<? super Void> written) {
    if (!written.isSuccess()) {
      // Half a frame may be out: nothing that follows could be read.
      client.getChannel().close();
      client.getHandler().removeRpcRequest(id);
      onFailure(written.cause());
    }
  }

  @Override
  public void onSuccess(ByteBuffer response) {
    outcome.accept(null);
  }

  @Override
  public void onFailure(Throwable failure) {
    outcome.accept(failure);
  }
}
