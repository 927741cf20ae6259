/**
 * The feed's way by columns where the RAPIDS Accelerator runs the query: a service of {@link
 * io.penstock.feed.QueryColumns}, in a jar of its own, {@code penstock-rapids}, compiled against
 * RAPIDS's. It is loaded where RAPIDS is, by {@code --jars}: a class path that RAPIDS is not on
 * cannot link it.
 */
package io.penstock.feed.rapids;
