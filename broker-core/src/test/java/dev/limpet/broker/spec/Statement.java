package dev.limpet.broker.spec;

/**
 * One normative statement. Immutable.
 *
 * @param number as in appendix B: {@code MQTT-3.1.0-2}
 * @param binds {@code server}, {@code client} or {@code both}
 * @param text what it asks for, in our words
 * @param reason why no test is possible; empty if one is
 */
record Statement(String number, String binds, String text, String reason) {

  static Statement parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length < 3 || fields.length > 4) {
      throw new IllegalArgumentException("three or four fields expected: " + line);
    }
    return new Statement(fields[0], fields[1], fields[2], fields.length == 4 ? fields[3] : "");
  }

  boolean needsTest() {
    return reason.isEmpty();
  }
}
