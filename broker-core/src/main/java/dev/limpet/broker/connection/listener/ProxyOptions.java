package dev.limpet.broker.connection.listener;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Configures which senders' PROXY headers are trusted. Immutable.
 *
 * @param trusted whether a host, a literal address, may speak for others; all others are closed
 * @param namesUser whether the header may also name the user of a client certificate that the
 *     sender has verified
 * @param guards looks up named guards by the name in the header of a client whose listener has its
 *     own; returns null for an unknown name, which closes the socket; itself null when names are
 *     ignored
 */
public record ProxyOptions(
    Predicate<String> trusted,
    boolean namesUser,
    @Nullable Function<String, @Nullable ListenerGuards> guards) {

  /** A proxy that is no node of ours: the guards are those of the listener it comes to. */
  public ProxyOptions(Predicate<String> trusted, boolean namesUser) {
    this(trusted, namesUser, null);
  }

  /** Whether it is a frontend of this cluster that speaks for clients. */
  boolean isOfCluster() {
    return guards != null;
  }
}
