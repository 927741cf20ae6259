/**
 * The layers of networks: dense, convolutional, recurrent, attention, normalisation and the like.
 *
 * <p>Each is an immutable description that computes its forward pass and both halves of its
 * backward; all that they share is in {@link io.penstock.nn}.
 */
package io.penstock.nn.layer;
