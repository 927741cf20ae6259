/**
 * Weights on a Hadoop file system, by layer: a layer's files say nothing of the stage that it was
 * trained on, so that another cut can read them.
 */
package io.penstock.checkpoint;
