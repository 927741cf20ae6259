/**
 * Runnable jobs that show Penstock at work, and the data they train on. Each job is a class with a
 * {@code main}, started by {@code examples/run}; it prints its outcome as {@code RESULT} lines.
 * Nothing in the library may use this package.
 */
package io.penstock.examples;
