/**
 * What people look at: the tab "Pipeline" of Spark's UI and of the history server. It knows a run
 * by its events only, and needs neither ND4J nor a network to show one. Pages are drawn on the
 * server; the only script shows a run anew while it goes on.
 */
package io.penstock.ui;
