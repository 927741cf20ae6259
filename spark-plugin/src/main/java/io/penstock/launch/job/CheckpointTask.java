package io.penstock.launch.job;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Order to a rank to write its part of checkpoints, as it travels with the task. Immutable.
 *
 * @param places of the checkpoints
 * @param rhythm of them
 * @param hadoop the driver's settings, which the executors' own files need not have
 */
record CheckpointTask(
    CheckpointLocation places, CheckpointRhythm rhythm, Broadcast<SerializableConfiguration> hadoop)
    implements Serializable {}
