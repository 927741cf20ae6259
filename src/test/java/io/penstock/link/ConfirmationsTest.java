package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.protocol.RpcFailure;
import org.apache.spark.network.protocol.RpcResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private Confirmations confirmations;
  private long requests;

  @BeforeEach
  void install() {
    channel.freezeTime();
    channel.pipeline().addLast("encoder", new ChannelDuplexHandler());
    confirmations = Confirmations.install(channel);
  }

  private RpcResponse reply() {
    return new RpcResponse(requests++, new NioManagedBuffer(ByteBuffer.allocate(0)));
  }

  private void confirm(long bytes) {
    confirmations.confirming(bytes);
    channel.writeAndFlush(reply());
  }

  private int sent() {
    channel.runPendingTasks();
    return channel.outboundMessages().size();
  }

  private void pass(long micros) {
    channel.advanceTimeBy(micros, TimeUnit.MICROSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void thoseOfSmallFramesWaitForEachOtherAndNotForLong() {
    confirm(4096);
    confirm(Confirmations.SMALL);
    pass(1000 * Confirmations.MILLIS - 1);
    assertEquals(0, sent());
    pass(1);
    assertEquals(2, sent());
  }

  @Test
  void noneWaitsLongerThanTheFirst() {
    confirm(1);
    pass(1000 * Confirmations.MILLIS - 1);
    confirm(1);
    pass(1);
    assertEquals(2, sent());
    confirm(1);
    assertEquals(2, sent());
    pass(1000 * Confirmations.MILLIS);
    assertEquals(3, sent());
  }

  @Test
  void asManyAsCanWaitGoAtOnce() {
    for (int frame = 1; frame < Confirmations.MOST; frame++) {
      confirm(1);
      assertEquals(0, sent());
    }
    confirm(1);
    assertEquals(Confirmations.MOST, sent());
  }

  @Test
  void aLargeFramesMemoryIsGivenBackAtOnceAndAllThatWaitsGoesAlong() {
    confirm(1);
    confirm(Confirmations.SMALL + 1);
    assertEquals(2, sent());
  }

  @Test
  void whatConfirmsNoFrameWaitsForNothing() {
    channel.writeAndFlush(reply());
    assertEquals(1, sent());
    confirm(1);
    channel.writeAndFlush(reply());
    assertEquals(3, sent());
    confirmations.confirming(1);
    channel.writeAndFlush(new RpcFailure(requests++, "lacks 3 bytes"));
    assertEquals(4, sent());
  }

  @Test
  void beforeTheEndNothingWaits() {
    confirm(1);
    confirmations.hurry();
    assertEquals(1, sent());
    confirm(1);
    assertEquals(2, sent());
  }

  @Test
  void whatWaitsIsSentBeforeTheConnectionIsClosed() {
    confirm(1);
    channel.close();
    assertEquals(1, sent());
  }
}
