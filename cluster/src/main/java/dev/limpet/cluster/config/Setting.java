package dev.limpet.cluster.config;

import java.util.List;

/**
 * Holds one option as the user wrote it. Immutable.
 *
 * @param where how to name the place: {@code --mqtt}, {@code LIMPET_MQTT}, {@code mqtt in a.yaml,
 *     line 3}
 * @param values as written; several for a list
 */
public record Setting(OptionKey key, String where, List<String> values) {

  public Setting {
    values = List.copyOf(values);
  }

  /** As a flag of the command line. */
  public static Setting ofFlag(OptionKey key, List<String> values) {
    return new Setting(key, key.flag(), values);
  }
}
