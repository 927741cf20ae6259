package org.nd4j.linalg.api.buffer;

/** Element types that arrays of the check have, and those of 16 bits that frames have. */
public enum DataType {
  /** 64 bits. */
  DOUBLE(8),
  /** 32 bits. */
  FLOAT(4),
  /** 16 bits, as of IEEE 754. */
  HALF(2),
  /** 16 bits with the exponents of 32. */
  BFLOAT16(2);

  private final int width;

  DataType(int width) {
    this.width = width;
  }

  /** Returns the bytes of a number. */
  public int width() {
    return width;
  }
}
