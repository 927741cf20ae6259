/**
 * The Spark side of a run, in three rooms: {@code cluster}, the check before the job and what the
 * executors offer; {@code plugin}, what starts with an application and its metrics; {@code job},
 * the barrier job with its rendezvous. A room uses those named before it. Here lies what they
 * share. Nothing of it computes; {@code train} does.
 */
package io.penstock.launch;
