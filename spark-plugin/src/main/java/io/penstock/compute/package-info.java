/**
 * What a process computes with: which kernels its libraries take, chosen before they are loaded and
 * told afterwards. The choice follows from the processor's class and {@code
 * spark.penstock.compute.isa}, never from a measured time.
 */
package io.penstock.compute;
