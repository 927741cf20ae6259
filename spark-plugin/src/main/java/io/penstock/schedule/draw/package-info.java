/**
 * Drawings of schedules and of measured steps: text, SVG, HTML, trace events and JSON, all from one
 * {@link io.penstock.schedule.draw.Timeline}.
 */
package io.penstock.schedule.draw;
