/**
 * Compute by ND4J's operations: any element type, wherever ND4J's arrays lie. It is the reference
 * that other kinds are held against, and what gradient checks in double precision run on.
 */
package io.penstock.compute.plain;
