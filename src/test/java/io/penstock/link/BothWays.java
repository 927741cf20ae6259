package io.penstock.link;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test of links in one JVM (false) and over the network (true). */
@ParameterizedTest
@ValueSource(booleans = {false, true})
@Retention(RetentionPolicy.RUNTIME)
@interface BothWays {}
