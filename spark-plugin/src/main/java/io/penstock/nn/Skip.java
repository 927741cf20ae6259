package io.penstock.nn;

/**
 * Skip connection between two layers. Immutable.
 *
 * @param name what its two ends call it
 * @param from the layer that saves, as an index of the whole network
 * @param to the layer that adds what was saved
 */
public record Skip(String name, int from, int to) {}
