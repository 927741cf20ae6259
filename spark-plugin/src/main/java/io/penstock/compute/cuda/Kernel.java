package io.penstock.compute.cuda;

/**
 * A kernel as a device has loaded it. Immutable.
 *
 * @param function the driver's handle
 * @param parameters a letter for the type of each
 */
record Kernel(String name, long function, String parameters) {
  /** Letter of an address, or of a whole number of 64 bits: PTX does not tell them apart. */
  static final char LONG = 'l';

  /** Letter of a whole number of 32 bits. */
  static final char INT = 'i';

  /** Letter of a float. */
  static final char FLOAT = 'f';

  /** Letter of a double. */
  static final char DOUBLE = 'd';

  /**
   * Does nothing where an argument of this type may be passed next.
   *
   * @throws IllegalArgumentException if the kernel wants another there, or none
   */
  void check(int place, char type) {
    if (place >= parameters.length() || parameters.charAt(place) != type) {
      throw new IllegalArgumentException(
          "Kernel " + name + " takes " + parameters + ", and no " + type + " at place " + place);
    }
  }

  /**
   * Does nothing where so many arguments are all that it takes.
   *
   * @throws IllegalArgumentException otherwise
   */
  void checkCount(int passed) {
    if (passed != parameters.length()) {
      throw new IllegalArgumentException(
          "Kernel " + name + " takes " + parameters + ", and was passed " + passed + " arguments");
    }
  }
}
