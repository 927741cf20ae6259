package io.penstock.link;

/**
 * Thrown when a rank can go no further because of another one. What it says is typed, so that
 * whoever hears of it, at the driver, need not read the message. Where a peer has told why it
 * failed, that has its own stack on its own executor, and this has none. Immutable.
 */
public final class LostPeerException extends LinkException {
  private static final long serialVersionUID = 1L;

  /** Way in which a peer was lost. */
  public enum Loss {
    /** The connection to it ended without a goodbye. It may live, and only the connection broke. */
    CONNECTION,
    /** It has told its peers that it failed, and why. */
    FAILED,
    /** It has ended well, without sending what was awaited of it. */
    LEFT
  }

  private final Loss loss;
  private final int rank;
  private final String address;
  private final String how;

  private LostPeerException(
      Loss loss, int rank, String address, String how, String message, Throwable cause) {
    super(message, cause, loss != Loss.FAILED);
    this.loss = loss;
    this.rank = rank;
    this.address = address;
    this.how = how;
  }

  /**
   * An exception for a connection that broke.
   *
   * @param how in words that follow "the connection", without a full stop
   * @param cause may be null
   */
  static LostPeerException connection(int rank, String address, String how, Throwable cause) {
    return connection(
        rank, address, how, "The connection to rank " + rank + " at " + address + " " + how, cause);
  }

  /**
   * An exception for a connection that broke or could not be made, with more to say to whoever
   * reads this rank's log.
   */
  static LostPeerException connection(
      int rank, String address, String how, String message, Throwable cause) {
    String ended = message.endsWith(".") ? message : message + ".";
    return new LostPeerException(Loss.CONNECTION, rank, address, how, ended, cause);
  }

  /**
   * An exception for a peer that told why it failed.
   *
   * @param cause null where only its words came
   */
  static LostPeerException failed(int rank, String trouble, Throwable cause) {
    return new LostPeerException(Loss.FAILED, rank, "", trouble, trouble, cause);
  }

  /** An exception for a peer that has ended. */
  static LostPeerException left(int rank) {
    String message =
        "rank "
            + rank
            + " has closed its link without sending it. Look for the cause on that side.";
    return new LostPeerException(Loss.LEFT, rank, "", message, message, null);
  }

  /** Returns how it was lost. */
  public Loss loss() {
    return loss;
  }

  /** Returns which rank was lost. */
  public int rank() {
    return rank;
  }

  /** Returns its {@code host:port}; empty where it is not known. */
  public String address() {
    return address;
  }

  /**
   * Returns, of a lost connection, what happened to it, in words that follow "the connection" and
   * without a full stop; else what the peer said.
   */
  public String how() {
    return how;
  }
}
