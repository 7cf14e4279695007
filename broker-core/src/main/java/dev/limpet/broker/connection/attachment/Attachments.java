package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.routing.ConnectedSessions;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.Released;
import dev.limpet.broker.spi.store.InboxEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Indexes this node's attachments and connects in progress by client id, so that an eviction finds
 * the holder of the claim at any stage.
 *
 * <p>Thread-safe: connects in progress change under one lock.
 */
public final class Attachments implements ConnectedSessions {

  /** A connect in progress. */
  public static final class Pending {
    private final ClientId clientId;

    /** Null while the directory has not answered. */
    private @Nullable Claim claim;

    /** Whether a newer claim has heard how this connect ends. */
    private boolean told;

    private long evictedThrough;

    private Pending(ClientId clientId) {
      this.clientId = clientId;
    }
  }

  private final Map<ClientId, Attachment> attached = new ConcurrentHashMap<>();
  private final Map<ClientId, List<Pending>> pending = new HashMap<>();
  private final AccessChanges changes = new AccessChanges();
  private final Endings endings = new Endings();
  private volatile int most;

  /** Access revoked while clients connect. */
  public AccessChanges changes() {
    return changes;
  }

  /** Notes a connect before it claims; {@link #attach} or {@link #abandon} ends that. */
  public synchronized Pending announce(ClientId clientId) {
    Pending connect = new Pending(clientId);
    pending.computeIfAbsent(clientId, id -> new ArrayList<>(1)).add(connect);
    return connect;
  }

  /** Notes which claim a connect has made. */
  public synchronized void claimed(Pending connect, Claim claim) {
    connect.claim = claim;
  }

  /** Counts the attachment from now on; false when its claim was evicted meanwhile. */
  public synchronized boolean attach(Pending connect, Attachment attachment) {
    abandon(connect);
    if (attachment.claim().epoch() <= connect.evictedThrough) {
      return false;
    }
    Attachment before = attached.put(connect.clientId, attachment);
    if (before != null) {
      before.evict(); // its claim was lost, or it did not answer: nobody else would find it
    }
    most = Math.max(most, attached.size());
    return true;
  }

  public synchronized void abandon(Pending connect) {
    if (connect.told && connect.claim != null) {
      endings.take(connect.claim, Ending.BROKEN); // nobody asks again
    }
    List<Pending> of = pending.get(connect.clientId);
    if (of != null && of.remove(connect) && of.isEmpty()) {
      pending.remove(connect.clientId);
    }
  }

  /** The attachment has written its last. */
  void detach(Attachment attachment) {
    attached.remove(attachment.clientId(), attachment);
  }

  /**
   * Keeps how a connection ended when its release came too late or its outcome is unknown: the new
   * claim's host asks for it.
   *
   * @return the same release
   */
  public CompletionStage<Released> rememberUnlessHeld(
      Claim claim, Ending ending, CompletionStage<Released> release) {
    return release.whenComplete(
        (answer, failure) -> {
          if (failure != null || !answer.held()) {
            endings.remember(claim, ending);
          }
        });
  }

  /** All attachments, at some moment. */
  Collection<Attachment> all() {
    return List.copyOf(attached.values());
  }

  /** How many clients are connected. */
  public int size() {
    return attached.size();
  }

  /** Has the connections counted. */
  public void register(BrokerMetrics metrics) {
    metrics.gauge("limpet.connections", "Clients connected to this node now", this::size);
    metrics.gauge(
        "limpet.connections.most",
        "Most clients connected at the same time since the start",
        () -> most);
    metrics.gauge(
        "limpet.endings.kept",
        "Records of how connections ended, kept for the next CONNECT of the client",
        endings::size);
  }

  /** Ends all connections of this node; done when their last states are stored. */
  public CompletableFuture<Void> closeAll() {
    return Stages.all(all().stream().map(Attachment::shutDown).toList());
  }

  /**
   * Access rules changed: closes clients, including those still connecting, whose will or
   * subscription is no longer allowed; they lose it when they reconnect.
   */
  public void recheck() {
    changes.rulesChanged();
    all().forEach(each -> each.lane().execute(each::recheck));
  }

  /**
   * Closes the clients of users whose proof no longer counts; refuses those still connecting.
   *
   * @param of the listener's authenticator that admitted them; null for the node's
   */
  public void revoke(@Nullable Authenticator of, Set<String> users) {
    changes.revoked(of, users);
    all().forEach(each -> each.lane().execute(() -> each.revoke(of, users)));
  }

  @Override
  public void cutOff() {
    all().forEach(each -> each.lane().execute(each::cutOff));
  }

  @Override
  public void offer(ClientId clientId, InboxEntry entry) {
    Attachment attachment = attached.get(clientId);
    if (attachment != null) {
      attachment.lane().execute(() -> attachment.offer(entry));
    }
  }

  @Override
  public void wake(Claim reader, long sequence) {
    Attachment attachment = attached.get(reader.clientId());
    if (attachment != null) {
      attachment.lane().execute(() -> attachment.wake(sequence));
    }
  }

  @Override
  public void wakeAll(Predicate<ClientId> which) {
    for (Attachment attachment : all()) {
      if (attachment.isDurable() && which.test(attachment.clientId())) {
        attachment.lane().execute(() -> attachment.wake(Long.MAX_VALUE));
      }
    }
  }

  @Override
  public CompletionStage<Ending> evict(Claim old) {
    Attachment attachment;
    boolean connecting = false;
    synchronized (this) {
      // The claim may belong to a connect in progress while its predecessor is still attached.
      for (Pending connect : pending.getOrDefault(old.clientId(), List.of())) {
        connect.evictedThrough = Math.max(connect.evictedThrough, old.epoch());
        if (connect.claim == null || connect.claim.equals(old)) {
          connect.told = true;
          connecting = true;
        }
      }
      attachment = attached.get(old.clientId());
    }
    Ending otherwise = connecting ? Ending.NEVER_CONNECTED : Ending.BROKEN;
    if (attachment == null || attachment.claim().epoch() > old.epoch()) {
      return CompletableFuture.completedFuture(endings.take(old, otherwise));
    }
    // One of an older claim is the predecessor of a connect in progress, which settles its will.
    return attachment
        .evict()
        .thenApply(
            own -> attachment.claim().equals(old) ? told(own, old) : endings.take(old, otherwise));
  }

  /** Who waited for the end has its answer: it need not be kept. */
  private Ending told(Ending ending, Claim claim) {
    endings.take(claim, ending);
    return ending;
  }

  @Override
  public List<AuditedBroker.Connected> connected() {
    return all().stream()
        .map(each -> new AuditedBroker.Connected(each.claim(), each.isDurable()))
        .toList();
  }

  @Override
  public Holding holding(Claim claim) {
    if (holder(claim) != null) {
      return Holding.CONNECTED;
    }
    synchronized (this) {
      if (holder(claim) != null) {
        return Holding.CONNECTED; // since the first look
      }
      boolean connecting =
          pending.getOrDefault(claim.clientId(), List.of()).stream()
              .anyMatch(connect -> connect.claim == null || connect.claim.equals(claim));
      return connecting ? Holding.CONNECTING : Holding.NONE;
    }
  }

  private @Nullable Attachment holder(Claim claim) {
    Attachment attachment = attached.get(claim.clientId());
    return attachment != null && attachment.claim().equals(claim) ? attachment : null;
  }

  @Override
  public <T> CompletionStage<Optional<T>> whileConnected(
      Claim claim, Function<@Nullable PublicationId, CompletionStage<T>> task) {
    Attachment attachment = holder(claim);
    return attachment == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : attachment.whileConnected(task);
  }

  @Override
  public CompletionStage<Long> stuckAt(Claim claim, long lastSequence) {
    Attachment attachment = holder(claim);
    return attachment == null
        ? CompletableFuture.completedFuture(-1L)
        : attachment
            .whileConnected(
                read -> CompletableFuture.completedFuture(attachment.stuckAt(lastSequence)))
            .thenApply(stuck -> stuck.orElse(-1L));
  }

  @Override
  public CompletionStage<Ending> evictOutdone(Claim claim) {
    return evict(claim)
        .thenApply(
            ending -> {
              endings.remember(claim, ending);
              return ending;
            });
  }

  @Override
  public void close(Claim claim, String why) {
    Attachment attachment = holder(claim);
    if (attachment != null) {
      attachment.close(why);
    }
  }

  @Override
  public Optional<ClientView> inspect(ClientId clientId) {
    return Optional.ofNullable(attached.get(clientId)).map(Attachment::view);
  }
}
