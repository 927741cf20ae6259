/**
 * Events of a run on Spark's listener bus, and the plan as they outline it: stages, layers,
 * forecast, advice. They are all that the tab, the history server, the console and the metrics know
 * of a run, so they are plain data that travels as JSON; ND4J is needed only to make an outline.
 * Nothing here runs a job.
 */
package io.penstock.event;
