/** The losses of networks, named by {@link io.penstock.nn.loss.Losses}, with their gradients. */
package io.penstock.nn.loss;
