package io.penstock.event;

/**
 * Layer of a plan, in words: class, shapes and number of parameters. Immutable.
 *
 * @param index its place in the network, from 0
 * @param kind the name of its class, such as {@code Dense}; of an activation the function's
 * @param input the shape of a row that enters it, such as {@code [1, 28, 28]}
 * @param output the shape of a row that leaves it
 * @param parameters numbers that are learnt, or kept with what is learnt; 0 where they are those of
 *     an earlier layer
 * @param words all its settings, shortened where they are long
 */
public record LayerPlan(
    int index, String kind, String input, String output, long parameters, String words) {}
