/**
 * What a network is: layers, shapes, parameters, losses and updaters, on ND4J. A description is
 * immutable and apart from its parameters; a layer's backward comes in two halves. Nothing here
 * knows stages, schedules or Spark.
 */
package io.penstock.nn;
