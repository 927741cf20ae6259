/**
 * Devices that a process computes on: the GPUs that the machine has, which of them is a task's, by
 * which way it is computed on, and which of ND4J's two backends the process takes. All but {@link
 * io.penstock.device.NvidiaSmi}, {@link io.penstock.device.Machine#here} and {@link
 * io.penstock.device.Nd4jBackend} is pure. Nothing here loads ND4J's CUDA backend before it is
 * known that it can work: on a GPU for which it has no machine code, its first call ends the
 * process.
 */
package io.penstock.device;
