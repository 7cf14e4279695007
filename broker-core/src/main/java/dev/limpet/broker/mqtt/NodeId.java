package dev.limpet.broker.mqtt;

/**
 * Identifies one incarnation of a node: its name and a random number. A node that restarts under
 * its old name gets another NodeId, so nothing meant for the dead one reaches it. Immutable.
 *
 * @param name unique among the live nodes of a cluster; operators see it
 * @param incarnation random, drawn at each start; also the origin of its {@link PublicationId}s
 */
public record NodeId(String name, long incarnation) implements Comparable<NodeId> {

  public NodeId {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a node name is not empty");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Long.compare(incarnation, other.incarnation);
  }

  @Override
  public String toString() {
    return name;
  }
}
