/** The hot pieces one by one, for JMH. One thread, as a stage has. */
package io.penstock.bench.micro;
