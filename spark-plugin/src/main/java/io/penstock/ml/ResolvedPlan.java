package io.penstock.ml;

import io.penstock.balance.Choice;
import io.penstock.balance.Cut;
import io.penstock.schedule.Schedule;
import java.util.Optional;

/**
 * What a run will do.
 *
 * @param schedule as executors walk it
 * @param cut which layers lie on which stage
 * @param choice what it was chosen from; empty if the params say it all
 */
record ResolvedPlan(Schedule schedule, Cut cut, Optional<Choice> choice) {}
