/**
 * The barrier job: one task a rank, their rendezvous at the driver, what the driver hears of a run,
 * its snapshots, and the finding of a failure's first cause.
 */
package io.penstock.launch.job;
