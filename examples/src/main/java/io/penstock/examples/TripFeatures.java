package io.penstock.examples;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.cos;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.dayofweek;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log1p;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sin;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns {@link RawTables} into one row of numbers a trip: cleans, joins, aggregates. Only of
 * functions that the RAPIDS Accelerator has too; {@code RapidsPlanTest} holds that.
 */
record TripFeatures(RawTables tables) {
  /** Whether the trip was tipped well: 1 or 0. */
  static final String LABEL = "label";

  /** Whether the trip is one to measure on, not to learn from. */
  static final String HELD_OUT = "held_out";

  private static final double DAYS_A_YEAR = 365.25;
  private static final double KM_A_DEGREE = 111;

  /** The label, {@link #HELD_OUT} and the features, doubles without gaps. Lazy. */
  Dataset<Row> prepare() {
    Dataset<Row> trips = clean(tables.read("trips"));
    Dataset<Row> joined =
        trips
            .join(zones("from"), "from_zone")
            .join(zones("to"), "to_zone")
            .join(tables.read("weather"), both("day", "hour"))
            .join(tables.read("drivers"), "driver_id")
            .join(habits(trips), "driver_id")
            .join(demand(trips), both("from_zone", "hour"));
    Column[] selected =
        Stream.concat(
                Stream.of(
                    col("tip").gt(col("fare").multiply(RawTables.GOOD_TIP)).cast("int").as(LABEL),
                    pmod(hash(col("trip_id"), lit(HELD_OUT)), lit(5)).equalTo(0).as(HELD_OUT)),
                features().entrySet().stream()
                    .map(feature -> feature.getValue().cast("double").as(feature.getKey())))
            .toArray(Column[]::new);
    return joined.select(selected);
  }

  private static String[] both(String... names) {
    return names;
  }

  private static Dataset<Row> clean(Dataset<Row> trips) {
    return trips
        .where(col("km").gt(0).and(col("minutes").gt(0)).and(col("fare").gt(0)))
        .withColumn("day", to_date(col("picked_up")))
        .withColumn("hour", hour(col("picked_up")))
        .withColumn("passengers", coalesce(col("passengers"), lit(1)))
        .withColumn("paid_by", substring_index(lower(trim(col("payment"))), ":", 1))
        .withColumn("pace", col("minutes").minus(3).divide(col("km")));
  }

  /** The zones at one end of a trip. */
  private Dataset<Row> zones(String end) {
    return tables
        .read("zones")
        .select(
            col("zone_id").as(end + "_zone"),
            col("borough").as(end + "_borough"),
            col("name").startsWith("Airport").as(end + "_airport"),
            col("latitude").as(end + "_latitude"),
            col("longitude").as(end + "_longitude"));
  }

  /** How a driver drives, over all trips. */
  private static Dataset<Row> habits(Dataset<Row> trips) {
    return trips
        .groupBy("driver_id")
        .agg(
            count(lit(1)).as("driver_trips"),
            avg("pace").as("driver_pace"),
            avg("km").as("driver_km"));
  }

  /** How much is going on where a trip begins, at that hour of the day. */
  private static Dataset<Row> demand(Dataset<Row> trips) {
    return trips
        .groupBy("from_zone", "hour")
        .agg(count(lit(1)).as("zone_trips"), avg("fare").as("zone_fare"));
  }

  /** How many features a trip has. */
  static int width() {
    return features().size();
  }

  private static Map<String, Column> features() {
    Map<String, Column> features = new LinkedHashMap<>();
    features.put("log_km", log1p(col("km")));
    features.put("minutes", col("minutes"));
    features.put("pace", col("pace"));
    features.put("fare_a_km", col("fare").divide(col("km")));
    features.put("passengers", col("passengers"));
    Column turn = col("hour").multiply(Math.PI / 12);
    features.put("hour_sin", sin(turn));
    features.put("hour_cos", cos(turn));
    features.put("night", col("hour").lt(6).or(col("hour").geq(22)));
    features.put("weekend", dayofweek(col("picked_up")).isin(1, 7));
    features.put("month", month(col("picked_up")));
    for (String paid : new String[] {"card", "cash", "app"}) {
      features.put("paid_" + paid, col("paid_by").equalTo(paid));
    }
    for (String end : new String[] {"from", "to"}) {
      for (String borough : new String[] {"Harbour", "Old Town", "Hill", "Meadows"}) {
        features.put(
            end + "_" + borough.toLowerCase(Locale.ROOT).replace(' ', '_'),
            col(end + "_borough").equalTo(borough));
      }
      features.put(end + "_airport", col(end + "_airport"));
    }
    features.put("same_borough", col("from_borough").equalTo(col("to_borough")));
    Column north = col("from_latitude").minus(col("to_latitude"));
    Column east = col("from_longitude").minus(col("to_longitude"));
    features.put(
        "beeline_km", sqrt(north.multiply(north).plus(east.multiply(east))).multiply(KM_A_DEGREE));
    features.put("rain_mm", col("rain_mm"));
    features.put("wet", col("rain_mm").gt(0.5));
    features.put("celsius", col("celsius"));
    features.put("rating", col("rating"));
    features.put("licensed_years", datediff(col("day"), col("licensed_on")).divide(DAYS_A_YEAR));
    features.put("log_driver_trips", log1p(col("driver_trips")));
    features.put("driver_pace", col("driver_pace"));
    features.put("driver_km", col("driver_km"));
    features.put("log_zone_trips", log1p(col("zone_trips")));
    features.put("zone_fare", col("zone_fare"));
    features.put("short_and_wet", when(col("rain_mm").gt(0.5), col("km")).otherwise(0));
    return features;
  }
}
