/**
 * Native arrays as memory: allocation and release, pools and arenas, element types, page-locked
 * memory, who may still read an array, and a mode that shows who reads one that was given back.
 */
package io.penstock.array;
