package dev.limpet.broker.connection;

import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.HashSet;
import java.util.Set;

/**
 * Tracks the subscriptions of one client that match topics it may not read. While there is one, the
 * authorizer checks each of its deliveries; clients without one do not have this object and pay
 * nothing.
 *
 * <p>Confined to its lane. Bounded by the subscriptions of the session.
 */
final class PartialGrants {
  private final Set<SharedFilter> filters = new HashSet<>();
  private final Permissions permissions;

  PartialGrants(Permissions permissions) {
    this.permissions = permissions;
  }

  void add(SharedFilter filter) {
    filters.add(filter);
  }

  /** One is gone, or wholly allowed by now; whether none is left. */
  boolean remove(SharedFilter filter) {
    filters.remove(filter);
    return filters.isEmpty();
  }

  /** Whether the client may receive messages of this topic; false until the answer is known. */
  boolean mayHave(TopicName topic) {
    return Permissions.isAllowed(permissions.receive(topic));
  }
}
