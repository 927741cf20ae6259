package io.penstock.nn.network;

import java.io.Serializable;

/**
 * A network as Java serialises it.
 *
 * @param text see {@link Sequential#toWire}
 */
record Wire(String text) implements Serializable {
  private Object readResolve() {
    return Sequential.fromWire(text);
  }
}
