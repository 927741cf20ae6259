/**
 * Schedules as data: which actions each stage does, in order. The action list with its text form,
 * the passes over it (ascending order of weight gradients, recomputation, segments of stages,
 * lowering to sends and receives), the verifier and the simulator. {@code generate} makes
 * schedules, {@code draw} draws them. Pure Java: nothing here knows ND4J or Spark.
 */
package io.penstock.schedule;
