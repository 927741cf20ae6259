/**
 * The progress of runs in the driver's console: a status line where standard error is a terminal,
 * else lines in the log.
 */
package io.penstock.ui.console;
