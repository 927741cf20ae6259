/**
 * User interface of a run. {@code tab} is the tab "Pipeline" of Spark's UI and of the history
 * server, {@code console} the progress of a run in the driver's console; here lies what both know,
 * the state of a run by its events, and the driver's metrics. Needs neither ND4J nor a network to
 * show a run.
 */
package io.penstock.ui;
