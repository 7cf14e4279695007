package dev.limpet.cluster.config;

import dev.limpet.broker.NodeLimits;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Holds all settings given for a node: flags win over the environment, the environment over the
 * file, and the defaults of {@link OptionKey} fill the rest. Immutable.
 */
public final class Settings {

  private static final String PERCENTAGE = "[1-9]\\d?%|100%";

  private final Map<OptionKey, Setting> said = new EnumMap<>(OptionKey.class);

  private Settings() {}

  /** Merges the sources, the strongest first. */
  public static Settings merge(List<Collection<Setting>> strongestFirst) {
    Settings merged = new Settings();
    for (Collection<Setting> source : strongestFirst) {
      source.forEach(setting -> merged.said.putIfAbsent(setting.key(), setting));
    }
    return merged;
  }

  /** The variables of the environment that set an option, each an own setting. */
  public static List<Setting> ofEnvironment(Map<String, String> environment) {
    return Arrays.stream(OptionKey.values())
        .filter(key -> environment.containsKey(key.variable()))
        .map(key -> new Setting(key, key.variable(), List.of(environment.get(key.variable()))))
        .toList();
  }

  /**
   * One sentence for each variable that is nearly an option, so that a slip does not go unseen.
   * Other foreign variables are none of our business: container platforms add some of their own.
   */
  public static List<String> slipsInEnvironment(Map<String, String> environment) {
    List<String> known = Arrays.stream(OptionKey.values()).map(OptionKey::variable).toList();
    return environment.keySet().stream()
        .filter(OptionKeys::isForeignVariable)
        .flatMap(name -> slip(name, known).stream())
        .sorted()
        .toList();
  }

  /** Whether the option is set. */
  boolean has(OptionKey key) {
    return said.containsKey(key);
  }

  /** Names the place where it was set; the flag when it was not. */
  String where(OptionKey key) {
    Setting setting = said.get(key);
    return setting == null ? key.flag() : setting.where();
  }

  /** The value set or the default; empty when there is neither. */
  Optional<String> text(OptionKey key) {
    List<String> values = values(key);
    if (values.size() > 1) {
      throw new ConfigException(where(key) + " has several values: give one");
    }
    return values.stream().findFirst();
  }

  /**
   * All values set, including those separated by commas. An empty text is refused: it is more
   * likely a variable without a value than a wish for none.
   */
  List<String> list(OptionKey key) {
    if (values(key).stream().anyMatch(String::isBlank)) {
      throw new ConfigException(
          where(key) + " is empty: write " + key.valueLabel().orElseThrow() + ", or leave it out");
    }
    return values(key).stream()
        .flatMap(value -> Arrays.stream(value.split(separator(key), -1)))
        .map(String::strip)
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }

  /** A listener's URI may hold commas itself: there only one before a scheme separates. */
  private static String separator(OptionKey key) {
    return key == OptionKey.LISTENER ? ",(?=\\s*[A-Za-z]+://)" : ",";
  }

  boolean flag(OptionKey key) {
    String value = text(key).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new ConfigException(where(key) + " is '" + value + "': write true or false");
    }
    return value.equals("true");
  }

  /** A whole number within bounds, if it is set or has a default. */
  Optional<Long> number(OptionKey key, long min, long max) {
    return text(key).map(value -> number(key, value, min, max));
  }

  /** A number that fits an int and has a default. */
  int count(OptionKey key, int min, int max) {
    return Math.toIntExact(number(key, min, max).orElseThrow());
  }

  /** Bytes, or a percentage of the largest heap this process may have, which becomes bytes. */
  long heapShare(OptionKey key) {
    String value = text(key).orElseThrow();
    if (value.matches(PERCENTAGE)) {
      return NodeLimits.heapPercent(Integer.parseInt(value.substring(0, value.length() - 1)));
    }
    try {
      return number(key, value, 1, Long.MAX_VALUE);
    } catch (ConfigException e) {
      throw new ConfigException(
          where(key) + " is '" + value + "': write a number of bytes, or from 1% to 100%", e);
    }
  }

  /** A number, or a percentage of a whole, of which it is at least 1. */
  int share(OptionKey key, int whole) {
    String value = text(key).orElseThrow();
    if (value.matches(PERCENTAGE)) {
      long percent = Integer.parseInt(value.substring(0, value.length() - 1));
      return (int) Math.max(1, percent * whole / 100);
    }
    try {
      return Math.toIntExact(number(key, value, 1, Integer.MAX_VALUE));
    } catch (ConfigException e) {
      throw new ConfigException(
          where(key) + " is '" + value + "': write a number, or from 1% to 100%", e);
    }
  }

  private long number(OptionKey key, String value, long min, long max) {
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new ConfigException(wrongNumber(key, value, min, max), e);
    }
    throw new ConfigException(wrongNumber(key, value, min, max));
  }

  private String wrongNumber(OptionKey key, String value, long min, long max) {
    return where(key) + " is '" + value + "': write a number from " + min + " to " + max;
  }

  private List<String> values(OptionKey key) {
    Setting setting = said.get(key);
    return setting != null ? setting.values() : key.defaultValue().stream().toList();
  }

  private static Optional<String> slip(String variable, List<String> known) {
    return Spelling.nearest(variable, known)
        .filter(nearest -> Spelling.distance(variable, nearest) <= 2)
        .map(
            nearest ->
                "the environment variable "
                    + variable
                    + " is ignored: no option has that name; did you mean "
                    + nearest
                    + "?");
  }
}
