package io.penstock.nn.network;

import java.io.Serializable;

/**
 * Serialised form of a network. Immutable.
 *
 * @param text see {@link Sequential#toWire}
 */
record Wire(String text) implements Serializable {
  private Object readResolve() {
    return Sequential.fromWire(text);
  }
}
