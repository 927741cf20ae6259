package io.penstock.train;

import io.penstock.array.Loan;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Arrays of one micro-batch that went to disk, or are on their way there or back. For the rank's
 * thread; the disk's completes the futures.
 */
final class OffloadedArrays {
  /** Where each lies in the file, known when it is written. */
  final CompletableFuture<List<OffloadFile.Place>> written = new CompletableFuture<>();

  /** The arrays, in the order in which they went, once they are back. */
  final CompletableFuture<List<Loan>> back = new CompletableFuture<>();
}
