package dev.limpet.examples.nemesis.nodes;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * How to run and ask the nodes of one kind of broker, read from a properties file. In each value
 * {@code {name}}, {@code {ip}}, {@code {join}}, {@code {data}} and whatever {@code --set} names are
 * replaced. Immutable.
 */
public final class Commands {

  private final Properties properties;
  private final Map<String, String> settings;

  private Commands(Properties properties, Map<String, String> settings) {
    this.properties = properties;
    this.settings = settings;
  }

  /** Reads the file; {@code settings} are replaced in all values. */
  public static Commands read(Path file, Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new Commands(properties, Map.copyOf(settings));
  }

  /** The words of the command that runs a node in the foreground. */
  List<String> start(Map<String, String> node) {
    return List.of(filled("start", node).strip().split("\\s+"));
  }

  /** URL that answers 200 when the node is ready; empty if there is none. */
  String ready(Map<String, String> node) {
    return filled("ready", node);
  }

  /** URL whose answer names all nodes of the cluster; empty if there is none. */
  String view(Map<String, String> node) {
    return filled("view", node);
  }

  /** How the others find the node at this address; it becomes a part of {@code {join}}. */
  String peer(String ip) {
    return filled("peer", Map.of("ip", ip));
  }

  /** Port that serves clients, wherever their session lives. */
  int port() {
    return Integer.parseInt(required("port"));
  }

  /** Port that serves clients on this very node. */
  int directPort() {
    return Integer.parseInt(properties.getProperty("direct-port", required("port")));
  }

  private String filled(String key, Map<String, String> node) {
    String value = properties.getProperty(key, "");
    for (Map<String, String> each : List.of(settings, node)) {
      for (Map.Entry<String, String> entry : each.entrySet()) {
        value = value.replace("{" + entry.getKey() + "}", entry.getValue());
      }
    }
    return value;
  }

  private String required(String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("the file of commands has no line '" + key + "=…'");
    }
    return value.strip();
  }
}
