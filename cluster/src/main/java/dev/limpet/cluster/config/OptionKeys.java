package dev.limpet.cluster.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds options by the words that users write. Stateless. */
final class OptionKeys {

  private OptionKeys() {}

  /** The option with this key in a file. */
  static Optional<OptionKey> named(String key) {
    return Arrays.stream(OptionKey.values()).filter(each -> each.key().equals(key)).findFirst();
  }

  /** All keys as written in a file. */
  static List<String> all() {
    return Arrays.stream(OptionKey.values()).map(OptionKey::key).toList();
  }

  /** Whether a variable of the environment looks like an option but is none. */
  static boolean isForeignVariable(String variable) {
    return variable.startsWith(OptionKey.ENVIRONMENT_PREFIX)
        && Arrays.stream(OptionKey.values()).noneMatch(each -> each.variable().equals(variable));
  }
}
