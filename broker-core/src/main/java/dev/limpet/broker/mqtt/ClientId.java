package dev.limpet.broker.mqtt;

/** The name of a client, unique in the cluster; never empty once a session exists. Immutable. */
public record ClientId(String value) implements Comparable<ClientId> {

  public ClientId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a client id is not empty");
    }
  }

  public static ClientId of(String value) {
    return new ClientId(value);
  }

  @Override
  public int compareTo(ClientId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
