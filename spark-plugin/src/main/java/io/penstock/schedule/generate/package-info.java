/**
 * Generators of schedules, one a file: pure functions from the size of a pipeline to lists of
 * actions, each with its paper. {@link io.penstock.schedule.generate.Schedules} knows them by name.
 */
package io.penstock.schedule.generate;
