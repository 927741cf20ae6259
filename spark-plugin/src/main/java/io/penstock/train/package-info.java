/**
 * One rank at work: does its actions, stashes activations, sums gradients, updates weights and
 * measures itself. Knows arrays, links and schedules, but no Spark job and no schedule by name.
 */
package io.penstock.train;
