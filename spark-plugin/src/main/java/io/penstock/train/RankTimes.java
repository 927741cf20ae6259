package io.penstock.train;

import java.io.Serializable;

/**
 * Times and traffic of one rank in an epoch's training. Immutable. Time that is neither busy nor
 * waiting nor moving is bookkeeping, and the exchange of shared weights.
 *
 * @param seconds from the rank's first action to its last update
 * @param busySeconds computing, updates of weights included
 * @param waitSeconds waiting for the input of a compute action: a peer's frame, or rows
 * @param moveSeconds handing frames to the link and asking for them
 * @param checkpointSeconds writing its part of a checkpoint afterwards; 0 if none was due
 * @param bytesSent elements of the frames it sent, in bytes, without validation
 * @param bytesReceived elements of the frames that came, in bytes
 * @param gradientBytes of the bytes received, gradients from other replicas that this rank sums
 * @param besideBytes of these, what was there when the rank's own backward was over: its way took
 *     no time of the rank's
 * @param framesInFlight frames that it had sent and no peer had confirmed, at the epoch's end
 * @param nativeBytes off-heap memory of the rank's process at the epoch's end: see {@link
 *     io.penstock.array.NativeHeap}
 * @param heapBytes bytes that the rank's thread allocated on the heap; null where the JVM does not
 *     count
 */
public record RankTimes(
    double seconds,
    double busySeconds,
    double waitSeconds,
    double moveSeconds,
    double checkpointSeconds,
    long bytesSent,
    long bytesReceived,
    long gradientBytes,
    long besideBytes,
    long framesInFlight,
    long nativeBytes,
    Long heapBytes)
    implements Serializable {
  /** Returns these times with that of a checkpoint, in seconds. */
  public RankTimes withCheckpoint(double taken) {
    return new RankTimes(
        seconds,
        busySeconds,
        waitSeconds,
        moveSeconds,
        taken,
        bytesSent,
        bytesReceived,
        gradientBytes,
        besideBytes,
        framesInFlight,
        nativeBytes,
        heapBytes);
  }
}
