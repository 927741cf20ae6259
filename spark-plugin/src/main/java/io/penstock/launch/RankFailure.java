package io.penstock.launch;

import java.io.Serializable;

/**
 * What a rank says before it fails.
 *
 * @param rank the rank
 * @param host where it ran
 * @param consequence whether it only fails because a peer was lost
 * @param text the exception's class and message, for where the class itself is not known
 * @param cause the exception itself
 */
record RankFailure(int rank, String host, boolean consequence, String text, Throwable cause)
    implements Serializable {}
