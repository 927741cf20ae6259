/**
 * What a layer computes with: memory for its arrays, and the compiled kernels that work on them.
 *
 * <p>A {@link io.penstock.compute.Workspace} is one thread's; each micro-batch takes a {@link
 * io.penstock.compute.Lease} of it. What runs on a certain kind of machine lies in packages below.
 */
package io.penstock.compute;
