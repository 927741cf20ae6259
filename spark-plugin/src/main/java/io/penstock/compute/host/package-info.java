/** Kernels for the processor of the host: dense products and sums of vectors by OpenBLAS. */
package io.penstock.compute.host;
