package io.penstock.examples;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.when;

import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A made-up taxi company's tables as Parquet files: {@code trips}, {@code drivers}, {@code zones}
 * and hourly {@code weather} of one year. Every value follows from its row's number alone, so that
 * the tables are the same on any cluster. Executors make them; nothing passes through the driver.
 *
 * <p>Whether a trip is tipped well hangs on how the driver, the way of paying, the hour, the rain
 * and the zones act together, and on luck: nothing tells it for certain, and no sum of the columns
 * tells as much as they do together.
 *
 * @param folder where they lie: on a file system that all executors reach
 */
record RawTables(SparkSession spark, String folder) {
  /** One zone in five is of each; the last is where the airports are. */
  private static final String[] BOROUGHS = {"Harbour", "Old Town", "Hill", "Meadows", "Gateway"};

  /** As three generations of till wrote it. */
  private static final String[] PAYMENTS = {
    "card:visa", " Card:Amex", "CARD", "cash", " Cash ", "app:phone", "App:watch ", "voucher"
  };

  private static final int DRIVERS = 20_000;
  private static final int ZONES = 260;
  private static final int HOURS = 366 * 24;
  private static final long NEW_YEAR = 1_704_067_200; // 2024-01-01T00:00:00Z
  private static final int SECONDS_AN_HOUR = 3600;

  /** A trip well tipped is one with a tip of more than this share of the fare. */
  static final double GOOD_TIP = 0.18;

  /**
   * Writes all tables.
   *
   * @param trips rows of the largest
   * @param partitions the files that it is written to
   */
  void write(long trips, int partitions) {
    write("zones", zones());
    write("weather", weather());
    write("drivers", drivers());
    write("trips", trips(trips, partitions));
  }

  /** Reads one of them. */
  Dataset<Row> read(String table) {
    return spark.read().parquet(folder + "/" + table);
  }

  private void write(String table, Dataset<Row> rows) {
    rows.write().mode(SaveMode.Overwrite).parquet(folder + "/" + table);
  }

  private Dataset<Row> zones() {
    Column zone = col("id");
    return spark
        .range(0, ZONES, 1, 1)
        .select(
            zone.cast("int").as("zone_id"),
            name(BOROUGHS, borough(zone)).as("borough"),
            concat(
                    when(isAirport(zone), "Airport terminal ").otherwise("Zone "),
                    zone.cast("string"))
                .as("name"),
            uniform("latitude", zone).multiply(0.3).plus(40.6).as("latitude"),
            uniform("longitude", zone).multiply(0.4).minus(74.1).as("longitude"));
  }

  private Dataset<Row> weather() {
    Column hour = col("id");
    return spark
        .range(0, HOURS, 1, 1)
        .select(
            date_add(lit("2024-01-01").cast("date"), floor(hour.divide(24)).cast("int")).as("day"),
            hour.mod(24).cast("int").as("hour"),
            rain(hour).as("rain_mm"),
            uniform("warmth", hour).multiply(20).plus(5).as("celsius"));
  }

  private Dataset<Row> drivers() {
    Column driver = col("id");
    return spark
        .range(0, DRIVERS, 1, 2)
        .select(
            driver.cast("int").as("driver_id"),
            date_add(
                    lit("2023-12-31").cast("date"),
                    floor(uniform("licence", driver).multiply(-9000)).cast("int"))
                .as("licensed_on"),
            // What passengers say of a driver is not all that there is to say.
            kindness(driver)
                .multiply(2)
                .plus(uniform("rating", driver).multiply(1.5))
                .plus(1.5)
                .as("rating"));
  }

  private Dataset<Row> trips(long rows, int partitions) {
    Column trip = col("id");
    Dataset<Row> drawn =
        spark
            .range(0, rows, 1, partitions)
            .select(
                trip,
                // Some drive much more than others.
                floor(pow(uniform("driver", trip), lit(2)).multiply(DRIVERS)).as("driver"),
                floor(uniform("from", trip).multiply(ZONES)).as("from_zone"),
                floor(uniform("to", trip).multiply(ZONES)).as("to_zone"),
                floor(uniform("hour", trip).multiply(HOURS)).as("since"),
                floor(uniform("payment", trip).multiply(PAYMENTS.length)).cast("int").as("paid"),
                pow(uniform("km", trip), lit(3)).multiply(30).plus(0.3).as("km"),
                uniform("pace", trip).plus(uniform("traffic", trip)).plus(1).as("pace"));
    Column minutes = col("km").multiply(col("pace")).plus(3);
    Column fare = col("km").multiply(1.9).plus(minutes.multiply(0.4)).plus(3);
    Column chance = lit(1).divide(exp(inclination().multiply(-1)).plus(1));
    Column good = uniform("luck", trip).lt(chance);
    return drawn.select(
        trip.as("trip_id"),
        col("driver").cast("int").as("driver_id"),
        col("from_zone").cast("int").as("from_zone"),
        col("to_zone").cast("int").as("to_zone"),
        col("since")
            .multiply(SECONDS_AN_HOUR)
            .plus(floor(uniform("second", trip).multiply(SECONDS_AN_HOUR)))
            .plus(NEW_YEAR)
            .cast("timestamp")
            .as("picked_up"),
        // A broken meter now and then.
        when(uniform("meter", trip).lt(0.01), 0).otherwise(col("km")).as("km"),
        minutes.as("minutes"),
        when(
                uniform("unknown", trip).gt(0.05),
                floor(uniform("passengers", trip).multiply(4)).plus(1).cast("int"))
            .as("passengers"),
        name(PAYMENTS, col("paid")).as("payment"),
        fare.as("fare"),
        fare.multiply(
                when(good, uniform("more", trip).multiply(0.2).plus(GOOD_TIP + 0.001))
                    .otherwise(uniform("less", trip).multiply(GOOD_TIP)))
            .as("tip"));
  }

  /** What tips hang on: above 0 a good one is more likely than not. */
  private static Column inclination() {
    Column hour = col("since").mod(24);
    Column night = hour.lt(6).or(hour.geq(22));
    Column raining = rain(col("since")).gt(1);
    Column shortTrip = col("km").lt(3);
    Column cash = col("paid").equalTo(3).or(col("paid").equalTo(4));
    Column nightlife = borough(col("from_zone")).lt(2);
    Column airport = isAirport(col("to_zone"));
    Column smooth = abs(col("pace").minus(1.7)).lt(0.35);
    return kindness(col("driver"))
        .minus(0.5)
        .multiply(5)
        .plus(when(cash, -2).otherwise(0.6))
        // Out at night or at work by day: one of the two, not both.
        .plus(when(night.equalTo(nightlife), 1.2).otherwise(-1.2))
        .plus(when(raining.equalTo(shortTrip), 0.8).otherwise(-0.8))
        .plus(when(airport.and(cash.equalTo(false)), 1.5).otherwise(0))
        .plus(when(smooth, 0.9).otherwise(-0.5));
  }

  private static Column kindness(Column driver) {
    return uniform("kindness", driver);
  }

  private static Column rain(Column hour) {
    return greatest(uniform("rain", hour).minus(0.7).multiply(20), lit(0d));
  }

  private static Column borough(Column zone) {
    return zone.mod(BOROUGHS.length);
  }

  private static Column isAirport(Column zone) {
    return zone.mod(2 * BOROUGHS.length).equalTo(BOROUGHS.length - 1);
  }

  private static Column name(String[] names, Column number) {
    Column[] all = Stream.of(names).map(name -> lit(name)).toArray(Column[]::new);
    return element_at(array(all), number.cast("int").plus(1));
  }

  /** A number from 0 up to 1 that follows from a name and a row's number. */
  private static Column uniform(String name, Column number) {
    return hash(number.cast("long"), lit(name))
        .cast("double")
        .plus(2147483648.0)
        .divide(4294967296.0);
  }
}
