/**
 * Check of a GPU and of Penstock's kernels on it: every kernel and whole training steps against
 * double precision on the host, equal bits, and rates. It runs without ND4J and Spark, on a machine
 * that has nothing but the GPU's driver.
 */
package io.penstock.gpucheck;
