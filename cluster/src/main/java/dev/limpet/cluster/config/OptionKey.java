package dev.limpet.cluster.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every option of a node: the one table behind its flag ({@code --data}), its environment variable
 * ({@code LIMPET_DATA}), its key in the YAML file ({@code data}) and its documentation. Immutable.
 */
public enum OptionKey {
  NAME(
      "NAME",
      null,
      "this machine's host name",
      "Name of the node, unique in the cluster; it is what status and clients show."),
  BIND(
      "ADDR",
      "127.0.0.1",
      null,
      "Address that every port of the node listens on; any but loopback needs an authenticator or"
          + " --allow-anonymous."),
  MQTT(
      "PORT",
      null,
      "1883, unless a listener is given",
      "TCP port that sends each client to its home (0 = any free port)."),
  DIRECT(
      "PORT",
      null,
      "none",
      "TCP port that serves each client where it lands, which takes its session over (0 = any free"
          + " port)."),
  LISTENER(
      "URI",
      null,
      "none",
      "General form of the two, repeatable: mqtt://HOST:PORT?mode=sticky or mode=direct."),
  HTTP(
      "PORT",
      "8081",
      null,
      "TCP port of health, metrics and the HTTP interface (0 = any free port)."),
  CLUSTER(
      "PORT", "5701", null, "TCP port on which the nodes find each other and share their data."),
  JOIN(
      "HOST:PORT",
      null,
      "none: a cluster of its own",
      "Cluster ports of the nodes to join, separated by commas. A node whose own address is in the"
          + " list may found the cluster; any other refuses to start while none of them answers."),
  CLUSTER_NAME("NAME", "limpet", null, "Name of the cluster; nodes with another one are refused."),
  DATA(
      "DIR",
      null,
      "none: nothing is written",
      "Directory for the node's log file (limpet.log, at most 6 files of 10 MiB)."),
  ALLOW_ANONYMOUS(
      null,
      "false",
      null,
      "Let in clients that prove nothing, also on other than loopback addresses."),
  LOG_LEVEL(
      "LEVEL",
      "info",
      null,
      "What goes to standard error: error, warn, info, debug or trace; debug shows stack traces.");

  private static final String ENVIRONMENT_PREFIX = "LIMPET_";

  private final @Nullable String valueLabel;
  private final @Nullable String defaultValue;
  private final @Nullable String defaultWords;
  private final String meaning;

  /**
   * @param valueLabel what the value is, in capitals; null for a switch that is true or false
   * @param defaultValue as a user would write it; null when there is none
   * @param defaultWords what to say of the default when its value does not say it
   * @param meaning one or two sentences, with the unit
   */
  OptionKey(
      @Nullable String valueLabel,
      @Nullable String defaultValue,
      @Nullable String defaultWords,
      String meaning) {
    this.valueLabel = valueLabel;
    this.defaultValue = defaultValue;
    this.defaultWords = defaultWords;
    this.meaning = meaning;
  }

  /** The key in the YAML file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The command line's flag. */
  public String flag() {
    return "--" + key();
  }

  /** The environment variable. */
  public String variable() {
    return ENVIRONMENT_PREFIX + name();
  }

  /** What the value is, in capitals; empty for a switch. */
  public Optional<String> valueLabel() {
    return Optional.ofNullable(valueLabel);
  }

  /** Whether it takes several values, separated by commas or as a YAML list. */
  public boolean isList() {
    return this == LISTENER || this == JOIN;
  }

  /** The value when nobody says anything, as a user would write it. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** Meaning, unit and default. */
  public String documentation() {
    return meaning + " Default: " + Optional.ofNullable(defaultWords).orElse(defaultValue) + ".";
  }

  /** The key written so in a file. */
  public static Optional<OptionKey> ofKey(String key) {
    return Arrays.stream(values()).filter(each -> each.key().equals(key)).findFirst();
  }

  /** All keys as written in a file. */
  public static List<String> allKeys() {
    return Arrays.stream(values()).map(OptionKey::key).toList();
  }

  /** The variables of the environment that look like an option but are none. */
  static boolean isForeignVariable(String variable) {
    return variable.startsWith(ENVIRONMENT_PREFIX)
        && Arrays.stream(values()).noneMatch(each -> each.variable().equals(variable));
  }
}
