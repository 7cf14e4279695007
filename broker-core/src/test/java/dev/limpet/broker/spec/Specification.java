package dev.limpet.broker.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The specifications and the lists of their normative statements. Immutable. */
enum Specification {
  MQTT_3_1_1("MQTT 3.1.1", "mqtt-3.1.1.tsv"),
  MQTT_5_0("MQTT 5.0", "mqtt-5.0.tsv");

  private final String title;
  private final String file;

  Specification(String title, String file) {
    this.title = title;
    this.file = file;
  }

  String title() {
    return title;
  }

  List<Statement> statements() {
    return read("/spec/" + file)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(Statement::parse)
        .toList();
  }

  String[] numbersOf(Spec spec) {
    return this == MQTT_3_1_1 ? spec.v3() : spec.v5();
  }

  private static String read(String resource) {
    try (InputStream in = Specification.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
