/**
 * Penstock's settings among Spark's: key, type, default and meaning of each in one place, {@link
 * io.penstock.conf.Settings}, where all floors read them by type. Knows nothing but Spark's
 * configuration.
 */
package io.penstock.conf;
