/**
 * Compute operations that layers ask of the machine: a few small interfaces behind {@link
 * io.penstock.compute.Compute}, and memory for its arrays. The kinds of compute that answer lie in
 * packages below, found by Java's service loader.
 *
 * <p>A {@link io.penstock.compute.Workspace} is one thread's; each micro-batch takes a {@link
 * io.penstock.compute.MicroBatchArena} of it. Which kernels the libraries of a process take is
 * chosen before they are loaded, and told afterwards: it follows from the processor's class and
 * {@code spark.penstock.compute.isa}, never from a measured time.
 */
package io.penstock.compute;
