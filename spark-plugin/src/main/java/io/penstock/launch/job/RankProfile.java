package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import io.penstock.train.LayerTime;
import io.penstock.train.LinkTime;
import java.io.Serializable;
import java.util.List;

/**
 * Profile as one rank measured it. Immutable.
 *
 * @param place of the rank
 * @param model all that its speed depends on
 * @param layers times of its share of the layers
 * @param link the times of the path to rank 1, on rank 0 of several; else null
 */
record RankProfile(RankPlace place, String model, List<LayerTime> layers, LinkTime link)
    implements Serializable {}
