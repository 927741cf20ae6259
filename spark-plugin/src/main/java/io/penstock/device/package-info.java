/**
 * Devices that a process computes on: the GPUs that the machine has, which of them is a task's, and
 * which of ND4J's two backends the process takes. All but {@link io.penstock.device.NvidiaSmi},
 * {@link io.penstock.device.Machine#here} and {@link io.penstock.device.Backend} is pure. Nothing
 * here calls CUDA before it is known that it can work: on a GPU for which ND4J has no machine code,
 * its first call ends the process.
 */
package io.penstock.device;
