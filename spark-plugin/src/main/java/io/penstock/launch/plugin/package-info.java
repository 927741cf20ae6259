/**
 * The Spark plugin: readies native code when an executor starts, begins what runs on the driver
 * beside an application ({@link io.penstock.launch.plugin.DriverPart}), and keeps the metrics of
 * the ranks.
 */
package io.penstock.launch.plugin;
