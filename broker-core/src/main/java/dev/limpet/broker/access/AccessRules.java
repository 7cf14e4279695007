package dev.limpet.broker.access;

import dev.limpet.broker.access.AccessRule.Kind;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import java.util.List;
import java.util.Map;

/**
 * Holds all rules of one access file. Immutable.
 *
 * @param unnamed for clients without a user name
 * @param byUser for one user each
 * @param patterns for every client
 */
record AccessRules(
    List<AccessRule> unnamed, Map<String, List<AccessRule>> byUser, List<AccessRule> patterns) {

  AccessRules {
    unnamed = List.copyOf(unnamed);
    byUser = Map.copyOf(byUser);
    patterns = List.copyOf(patterns);
  }

  /**
   * @param text a topic, or the filter of a subscription
   * @param wanted READ or WRITE
   */
  Decision decide(ClientIdentity client, String text, Kind wanted) {
    List<AccessRule> own = own(client);
    if (denies(own, client, text) || denies(patterns, client, text)) {
      return Decision.DENY;
    }
    return covers(own, client, text, wanted) || covers(patterns, client, text, wanted)
        ? Decision.ALLOW
        : Decision.IGNORE;
  }

  /** The same for a subscription that is always granted; ALLOW when nothing need be filtered. */
  Decision decideFiltered(ClientIdentity client, String filter) {
    return decide(client, filter, Kind.READ) == Decision.ALLOW
        ? Decision.ALLOW
        : Decision.ALLOW_FILTERED;
  }

  private List<AccessRule> own(ClientIdentity client) {
    return client.userName() == null ? unnamed : byUser.getOrDefault(client.userName(), List.of());
  }

  // Indexed loops: asked for each PUBLISH, and an iterator would be garbage each time.

  private static boolean denies(List<AccessRule> rules, ClientIdentity client, String text) {
    for (int i = 0; i < rules.size(); i++) {
      AccessRule rule = rules.get(i);
      if (rule.kind() == Kind.DENY && rule.touches(client, text)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(
      List<AccessRule> rules, ClientIdentity client, String text, Kind wanted) {
    for (int i = 0; i < rules.size(); i++) {
      AccessRule rule = rules.get(i);
      if (rule.kind().includes(wanted) && rule.covers(client, text)) {
        return true;
      }
    }
    return false;
  }
}
