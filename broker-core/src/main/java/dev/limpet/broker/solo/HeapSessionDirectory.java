package dev.limpet.broker.solo;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.broker.spi.cluster.Released;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Orders the claims of a single node. Thread-safe: this object's lock guards them all. Every stage
 * is complete when it is returned.
 */
public final class HeapSessionDirectory implements SessionDirectory {
  private static final int EPOCHS_PER_MILLI_BITS = 12;

  private final Map<ClientId, Entry> entries = new HashMap<>();
  private final NodeId self;
  private final LongSupplier wallMillis;
  private long lastEpoch;

  /**
   * @param self the host of every claim
   * @param wallMillis the wall clock, in epoch milliseconds
   */
  public HeapSessionDirectory(NodeId self, LongSupplier wallMillis) {
    this.self = self;
    this.wallMillis = wallMillis;
  }

  @Override
  public synchronized CompletionStage<Claimed> claim(
      ClientId clientId, @Nullable Will will, String address) {
    lastEpoch = Math.max(lastEpoch + 1, wallMillis.getAsLong() << EPOCHS_PER_MILLI_BITS);
    Claim claim = new Claim(clientId, self, lastEpoch);
    Entry old = entries.put(clientId, new Entry(claim, address, will));
    return completedFuture(
        old == null
            ? new Claimed(claim, null, null, false)
            : new Claimed(claim, old.connected ? old.claim : null, old.will, true));
  }

  @Override
  public synchronized CompletionStage<Released> release(Claim claim, Release release) {
    Entry entry = heldBy(claim);
    if (entry == null) {
      return completedFuture(Released.NOT_HELD);
    }
    entry.connected = false;
    entry.ended |= release.sessionEnds();
    Will due = release.fate() == WillFate.HAND_OVER ? entry.will : null;
    if (release.fate() != WillFate.KEEP) {
      entry.will = null;
    }
    forgetIfDone(entry);
    return completedFuture(new Released(true, due));
  }

  @Override
  public synchronized CompletionStage<Optional<Will>> takeWill(Claim claim) {
    Entry entry = heldBy(claim);
    if (entry == null || entry.connected) {
      return completedFuture(Optional.empty());
    }
    Optional<Will> will = Optional.ofNullable(entry.will);
    entry.will = null;
    forgetIfDone(entry);
    return completedFuture(will);
  }

  @Override
  public synchronized CompletionStage<Void> forget(ClientId clientId, long epoch) {
    Entry entry = entries.get(clientId);
    if (entry != null && entry.claim.epoch() <= epoch) {
      entry.ended = true;
      entry.connected = false;
      forgetIfDone(entry);
    }
    return completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<Boolean> restore(Claim claim, String address) {
    Entry now = entries.get(claim.clientId());
    if (now != null && now.claim.equals(claim)) {
      now.connected = true;
      now.ended = false;
      return completedFuture(true);
    }
    boolean free = now == null || (!now.connected && now.claim.epoch() < claim.epoch());
    if (free) {
      entries.put(claim.clientId(), new Entry(claim, address, null));
    }
    return completedFuture(free);
  }

  @Override
  public synchronized CompletionStage<Map<ClientId, ClaimView>> find(
      Collection<ClientId> clientIds) {
    Map<ClientId, ClaimView> found = new HashMap<>();
    for (ClientId id : clientIds) {
      Entry entry = entries.get(id);
      if (entry != null) {
        found.put(id, entry.view());
      }
    }
    return completedFuture(found);
  }

  @Override
  public synchronized CompletionStage<Optional<ClaimView>> find(ClientId clientId) {
    return completedFuture(Optional.ofNullable(entries.get(clientId)).map(Entry::view));
  }

  private @Nullable Entry heldBy(Claim claim) {
    Entry entry = entries.get(claim.clientId());
    return entry != null && entry.claim.equals(claim) ? entry : null;
  }

  /** A pending will outlives its session here: it still has to be published. */
  private void forgetIfDone(Entry entry) {
    if (entry.ended && entry.will == null) {
      entries.remove(entry.claim.clientId());
    }
  }

  /** The state of one client id. Guarded by the directory's lock. */
  private static final class Entry {
    private final Claim claim;
    private final String address;
    private @Nullable Will will;
    private boolean connected = true;
    private boolean ended;

    Entry(Claim claim, String address, @Nullable Will will) {
      this.claim = claim;
      this.address = address;
      this.will = will;
    }

    private ClaimView view() {
      return new ClaimView(claim, connected, address);
    }
  }
}
