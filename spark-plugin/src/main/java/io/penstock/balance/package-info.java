/**
 * Balance of the stages: costs of layers, the exact partitioner that cuts them, and the choice of a
 * whole plan by simulated time. All of it pure functions of numbers; what a layer costs is asked of
 * the network or of a profile. Nothing here knows Spark or links.
 */
package io.penstock.balance;
