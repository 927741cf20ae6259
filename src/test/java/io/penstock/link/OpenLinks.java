package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Links that a test opens, in one JVM or over the network; all are closed after it. */
abstract class OpenLinks {
  static final BooleanSupplier NEVER = () -> false;
  final List<Link> links = new ArrayList<>();

  void open(int ranks, boolean network) {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    for (int rank = 0; rank < ranks; rank++) {
      links.add(Links.open(network ? config.overNetwork() : config));
    }
  }

  void connect(int ranks, boolean network) {
    open(ranks, network);
    for (int rank = 0; rank < ranks; rank++) {
      rank(rank).connect(rank, addresses());
    }
  }

  List<Address> addresses() {
    return links.stream().map(Link::address).toList();
  }

  Link rank(int rank) {
    return links.get(rank);
  }

  @AfterEach
  void close() {
    links.forEach(Link::close);
  }

  static Tag tag(int microBatch) {
    return new Tag(new Channel.Activation(1), 0, microBatch);
  }

  static Tag gradient(int microBatch) {
    return new Tag(new Channel.Gradient(0), 0, microBatch);
  }

  CompletableFuture<INDArray> receiving(int rank, Tag tag) {
    return receiving(rank, tag, NEVER);
  }

  CompletableFuture<INDArray> receiving(int rank, Tag tag, BooleanSupplier cancelled) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return rank(rank).receive(tag, cancelled).array();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** Returns when it is so; the test's own limit ends it. */
  static void until(BooleanSupplier so) throws InterruptedException {
    while (!so.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  static LinkException failureOf(CompletableFuture<INDArray> wait) {
    ExecutionException thrown = assertThrows(ExecutionException.class, wait::get);
    return (LinkException) thrown.getCause();
  }
}
