package io.penstock.nn;

/**
 * Which pass a layer runs in. What is random in it (dropout) is keyed by these numbers and never by
 * a stage, so that cutting the network elsewhere changes nothing.
 *
 * @param training false when predicting: nothing is random then
 * @param seed the seed of the run
 * @param layer the layer's index in the whole network
 * @param step the number of weight updates before this one
 * @param microBatch the index of the micro-batch within its mini-batch
 */
public record Pass(boolean training, long seed, int layer, long step, int microBatch) {
  /** A pass that predicts. */
  public static Pass inference(int layer) {
    return new Pass(false, 0, layer, 0, 0);
  }
}
