/**
 * Which layers go on which stage: costs and the exact partitioner. The partitioner knows numbers
 * only; what a layer costs is asked of the network. Nothing here knows Spark, links or ranks.
 */
package io.penstock.balance;
