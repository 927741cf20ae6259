/**
 * The barrier job: one task a rank, their rendezvous at the driver, the driver's monitor of a run,
 * its checkpoints, and the diagnosis of a failure's first cause.
 */
package io.penstock.launch.job;
