/** Native arrays as memory: who may still read one, and where it goes when nobody does any more. */
package io.penstock.array;
