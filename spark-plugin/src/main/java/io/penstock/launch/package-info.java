/**
 * The Spark side of a run: the plugin, the check before the job, the barrier job with its
 * rendezvous, and what the driver hears of it. Nothing here computes; {@code train} does.
 */
package io.penstock.launch;
