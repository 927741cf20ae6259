package io.penstock.launch.job;

import java.io.Serializable;

/**
 * Reply of the driver to a {@link Pulse}. Immutable.
 *
 * @param checkpointNow whether the rank that decides on checkpoints is to take one as soon as it
 *     can; said again until the driver wants none any more
 * @param stalled whether the driver is about to end the run because this rank moves on no more
 */
record PulseReply(boolean checkpointNow, boolean stalled) implements Serializable {}
