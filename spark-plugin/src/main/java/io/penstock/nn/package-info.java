/**
 * What a network is: layers, their shapes and parameters, losses and updaters, on ND4J arrays.
 *
 * <p>Descriptions ({@link io.penstock.nn.Sequential}, {@link io.penstock.nn.Layer}, {@link
 * io.penstock.nn.Loss}, {@link io.penstock.nn.Updater}) are immutable and go through JSON; weights
 * live apart from them in {@link io.penstock.nn.Parameters}. What a layer computes depends on its
 * input, its parameters and its {@link io.penstock.nn.Pass} only, never on where it runs, so that a
 * network gives the same bits however it is cut into stages.
 */
package io.penstock.nn;
