/**
 * What Penstock reaches, beside what the machine and its peers reach: {@code examples/run bench}
 * and {@code examples/run jmh}. Everything is a ratio of one run, for a machine's speed changes
 * from one minute to the next. Nothing depends on this module.
 */
package io.penstock.bench;
