/**
 * Kernels of Intel's oneDNN on floats in the host's memory, compiled for one shape each and kept
 * ({@link io.penstock.compute.Kernels}). They do what ND4J's operations do where those are far from
 * the machine's rate; on any other backend, type or platform the layers take ND4J's.
 */
package io.penstock.compute.host.onednn;
