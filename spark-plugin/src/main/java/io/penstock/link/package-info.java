/**
 * Transport of a micro-batch's activations and gradients from stage to stage. A {@link
 * io.penstock.link.Link} belongs to one rank; it sends arrays under {@link io.penstock.link.Tag
 * tags} and awaits them by tag. Peers in the same JVM hand over a reference; others are reached
 * over Spark's own transport, with Spark's authentication and encryption, from off-heap buffer to
 * socket and from socket to off-heap buffer. Every wait ends: by its frame, by the first failure,
 * or by the end of the peer.
 */
package io.penstock.link;
