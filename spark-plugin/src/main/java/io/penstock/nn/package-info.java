/**
 * The contract of networks, on ND4J arrays: layers and their shapes, parameters, passes and losses.
 *
 * <p>Descriptions ({@link io.penstock.nn.Layer}, {@link io.penstock.nn.Loss}) are immutable and go
 * through JSON; weights live apart from them in {@link io.penstock.nn.Parameters}. What a layer
 * computes depends on its input, its parameters and its {@link io.penstock.nn.Pass} only, never on
 * where it runs, so that a network gives the same bits however it is cut into stages. The layers
 * lie in {@code nn.layer}, the losses in {@code nn.loss}, optimizers in {@code nn.update}, and what
 * makes a network of them in {@code nn.network}; only the last knows the others.
 */
package io.penstock.nn;
