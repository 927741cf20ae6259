/**
 * Schedules as data: which actions each stage does, in order. Generators, ascending order of weight
 * gradients, lowering to sends and receives, the verifier, the simulator, drawings and the text
 * form. Pure Java: nothing here knows ND4J or Spark.
 */
package io.penstock.schedule;
