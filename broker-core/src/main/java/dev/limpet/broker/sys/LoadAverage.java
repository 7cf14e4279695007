package dev.limpet.broker.sys;

import java.util.Locale;
import java.util.Map;

/**
 * Averages the growth of a counter per minute over the last 1, 5 and 15 minutes; older growth
 * counts less and less. Confined to its publisher.
 */
final class LoadAverage {
  private static final int[] MINUTES = {1, 5, 15};
  private static final double MINUTE_SECONDS = 60;

  private final String topic;
  private final double[] averages = new double[MINUTES.length];
  private double last;

  /**
   * @param topic of the three, without the last level
   */
  LoadAverage(String topic) {
    this.topic = topic;
  }

  /**
   * @param total of the counter now
   * @param seconds since the last time, above 0
   */
  void update(double total, double seconds) {
    double perMinute = (total - last) * MINUTE_SECONDS / seconds;
    last = total;
    for (int i = 0; i < MINUTES.length; i++) {
      double kept = Math.exp(-seconds / (MINUTES[i] * MINUTE_SECONDS));
      averages[i] = kept * averages[i] + (1 - kept) * perMinute;
    }
  }

  void addTo(Map<String, String> values) {
    for (int i = 0; i < MINUTES.length; i++) {
      values.put(topic + "/" + MINUTES[i] + "min", String.format(Locale.ROOT, "%.2f", averages[i]));
    }
  }
}
