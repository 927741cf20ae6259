/**
 * The tab "Pipeline" of Spark's UI and of the history server: pages drawn on the driver from the
 * events of runs. The only script shows a run anew while it goes on.
 */
package io.penstock.ui.tab;
