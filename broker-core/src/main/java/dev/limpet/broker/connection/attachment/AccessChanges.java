package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.spi.Authenticator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records access revoked while clients connect. Attached clients are told one by one; a connect in
 * progress keeps the revision from before its first check and compares once it is attached: it
 * finds earlier changes itself and is told of later ones.
 *
 * <p>Thread-safe. A chain that grows at its end: each entry refers to later ones, and entries no
 * connect in progress refers to are garbage.
 */
public final class AccessChanges {
  private volatile Revision last = new Revision(null, Set.of());

  /** One change, with those after it hanging on it. Thread-safe. */
  public static final class Revision {
    private final @Nullable Authenticator of;
    private final Set<String> users;
    private volatile @Nullable Revision next;

    private Revision(@Nullable Authenticator of, Set<String> users) {
      this.of = of;
      this.users = users;
    }

    /** Whether any rule may have changed since. */
    public boolean isPast() {
      return next != null;
    }

    /** Whether the proof that admitted this client has been revoked since. */
    public boolean isRevokedSince(Attachment attachment) {
      for (Revision later = next; later != null; later = later.next) {
        if (attachment.wasLetInBy(later.of, later.users)) {
          return true;
        }
      }
      return false;
    }
  }

  /** To be taken before an authenticator or authorizer is asked. */
  public Revision now() {
    return last;
  }

  /** Notes that authorizers may answer differently. Call before rechecking attached clients. */
  void rulesChanged() {
    revoked(null, Set.of());
  }

  /** Users have to prove something else by now. Before their clients are closed. */
  synchronized void revoked(@Nullable Authenticator of, Set<String> users) {
    Revision change = new Revision(of, users);
    last.next = change;
    last = change;
  }
}
