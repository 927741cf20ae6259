/**
 * Networks from and for elsewhere: {@link io.penstock.dl4j.Dl4jNetworks} reads and writes those of
 * DL4J, {@link io.penstock.dl4j.KerasNetworks} reads those of Keras. For each kind of layer there
 * is a mapping, which knows both its forms and how its weights lie in each.
 */
package io.penstock.dl4j;
