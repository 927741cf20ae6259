package io.penstock.dl4j;

/**
 * A layer, or a part of one, that one of the two libraries has and the other has not. The message
 * names the layer and its type and says what to do.
 */
public final class UnsupportedLayerException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnsupportedLayerException(String message) {
    super(message);
  }
}
