/**
 * Whole networks: layers in their order, joined by skip connections and tied weights, with a loss.
 *
 * <p>{@link io.penstock.nn.network.Sequential} is immutable, checked as a whole, and goes through
 * JSON.
 */
package io.penstock.nn.network;
