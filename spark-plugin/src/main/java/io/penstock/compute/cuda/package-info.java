/**
 * Compute operations on NVIDIA's GPUs, by CUDA's driver and kernels of our own. A {@link
 * io.penstock.compute.cuda.CudaDevice} is a GPU's memory, a {@link
 * io.penstock.compute.cuda.CudaKind} computes on it. The driver's library is bound by its name when
 * a device is first asked for; nothing else of CUDA need be installed. Kernels are compiled when
 * Penstock is built, to PTX, which the driver makes machine code of for its GPU.
 *
 * <p>All that a thread asks for goes to a stream of its own (CUDA's per-thread default stream), and
 * is done in that order.
 */
package io.penstock.compute.cuda;
