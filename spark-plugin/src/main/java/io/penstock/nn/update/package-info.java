/**
 * Optimizers: how gradients change weights, with learning-rate schedules, decoupled weight decay
 * and clipping. {@link io.penstock.nn.update.Updater} is what users give.
 */
package io.penstock.nn.update;
