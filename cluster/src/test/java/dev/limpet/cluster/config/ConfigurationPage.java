package dev.limpet.cluster.config;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The page of all options and of the parameters of a listener. Confined to its caller. */
final class ConfigurationPage {

  private static final String INTRODUCTION =
      """
      # Configuration

      A node reads its options from three places. A flag of `limpet node` wins over an environment variable, and
      that over a key of the YAML file that `--config FILE` (or `LIMPET_CONFIG`) names. `limpet cluster` passes
      `--config` and the environment on to its nodes. A wrong value ends the process with status 2 and a sentence
      that says what to write instead. Options are read once, at the start; the contents of password files, access
      files and certificates are [reread](operations.md#certificates-and-password-files) when they change.

      ```yaml
      name: a
      bind: 0.0.0.0
      join: [10.0.0.1:5701, 10.0.0.2:5701, 10.0.0.3:5701]
      password-file: users
      listeners:
        - mqtt://127.0.0.1:1883
        - address: mqtts://0.0.0.0:8883
          cert: node.pem
          key: node.key
      max-keep-alive: 600
      memory-ceiling: 75%
      ```

      `BYTES|PERCENT%` takes a number of bytes or a percentage of the maximum heap (`-Xmx`). What happens at each
      limit is in [limits.md](limits.md).
      """;

  private static final String LISTENERS =
      """

      ## Parameters of a listener

      In a URI they follow the question mark (`mqtts://0.0.0.0:8883?cert=node.pem&key=node.key`); in the YAML list
      `listeners` they are keys beside `address`.

      | parameter | value | meaning |
      |---|---|---|
      """;

  /** Where a new part of the page begins. */
  private static final Map<OptionKey, String> PARTS = new EnumMap<>(OptionKey.class);

  static {
    PARTS.put(OptionKey.NAME, "Node, ports and cluster");
    PARTS.put(OptionKey.ALLOW_ANONYMOUS, "Access");
    PARTS.put(OptionKey.MAX_PACKET_BYTES, "Packets and handshakes");
    PARTS.put(OptionKey.TOPIC_ALIASES_MAX, "Protocol");
    PARTS.put(OptionKey.SEND_MAX, "Queues, sessions and memory");
    PARTS.put(OptionKey.SHARE_STRATEGY, "Shared subscriptions, statistics, threads and log");
  }

  /** Value and meaning of each parameter of a listener. */
  private static final Map<String, String> PARAMETERS = new LinkedHashMap<>();

  static {
    PARAMETERS.put(
        "mode",
        "`sticky` (default) or `direct` | A sticky listener brings each client to its home; a"
            + " direct one serves it on this node.");
    PARAMETERS.put(
        "proxy",
        "`off` (default) or `required` | Each connection begins with a PROXY header, version 1 or"
            + " 2. Needs `trusted`.");
    PARAMETERS.put(
        "trusted",
        "CIDR, separated by commas | The proxies whose headers count; others are closed.");
    PARAMETERS.put("max-connections", "number, default 200000 | Open connections of the listener.");
    PARAMETERS.put("connect-rate", "number, unlimited by default | New connections a second.");
    PARAMETERS.put(
        "cert",
        "file, repeatable | Certificate chain in PEM, for `mqtts` and `wss`; one per host.");
    PARAMETERS.put("key", "file, repeatable | Private key in PEM for each `cert`, unencrypted.");
    PARAMETERS.put(
        "client-ca",
        "file | Authorities in PEM. Clients must present a certificate of one of them, and its"
            + " common name is their user name.");
    PARAMETERS.put("password-file", "file | In place of the node's `--password-file`.");
    PARAMETERS.put("acl-file", "file | In place of the node's `--acl-file`.");
    PARAMETERS.put("anonymous", "`true` or `false` | In place of the node's `--allow-anonymous`.");
  }

  private ConfigurationPage() {}

  static Map<String, String> parameters() {
    return PARAMETERS;
  }

  static String text() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    for (OptionKey key : OptionKey.values()) {
      if (PARTS.containsKey(key)) {
        text.append("\n## ").append(PARTS.get(key)).append('\n');
      }
      text.append(option(key));
    }
    text.append(LISTENERS);
    PARAMETERS.forEach((name, row) -> text.append("| `%s` | %s |\n".formatted(name, row)));
    return text.toString();
  }

  private static String option(OptionKey key) {
    String value = key.valueLabel().map(label -> " " + label).orElse("");
    return "\n### `%s`\n\n`%s%s` · `%s` · `%s:`%s\n\n%s\n"
        .formatted(
            key.flag(),
            key.flag(),
            value,
            key.variable(),
            key.key(),
            key.isList() ? " (a list)" : "",
            key.documentation().replaceAll("--[a-z][a-z-]*[a-z]|\\$SYS/broker", "`$0`"));
  }
}
