package io.penstock.link;

import java.io.Serializable;

/**
 * Counters of a link since it was opened. A frame is one array; bytes are those of its elements,
 * without headers. Immutable.
 *
 * @param framesSent frames handed to {@link Link#send}
 * @param bytesSent their bytes
 * @param framesReceived frames that arrived whole, awaited or not
 * @param bytesReceived their bytes
 * @param framesInFlight frames sent that the receiver has not yet confirmed
 */
public record LinkStats(
    long framesSent, long bytesSent, long framesReceived, long bytesReceived, long framesInFlight)
    implements Serializable {}
