/**
 * Pre-flight: what the executors offer (slots, memory, GPUs, native kernels), what a plan asks, and
 * the findings if that is too little. Each rank's device is bound here too.
 */
package io.penstock.launch.cluster;
