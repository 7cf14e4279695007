package dev.limpet.cluster.view;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.member.MemberInfo;
import dev.limpet.cluster.member.MemberWatcher;
import dev.limpet.cluster.peer.FrameKind;
import dev.limpet.cluster.peer.PeerTransport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last view, and knows whether this node may serve: while it sees a majority of it. A
 * node that left in order, or whose death is proved, has no vote.
 *
 * <p>Confined to a thread of its own, which may block for half a second for each node that is gone;
 * {@link #isServing} and {@link #reason} are thread-safe and do not block.
 */
public final class Views implements MemberWatcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Views.class);
  private static final long TICK_MILLIS = 500;

  /** So much earlier than others take a node for gone, its lease ends: a heartbeat and a half. */
  private static final long LEASE_MARGIN_MILLIS = 1_500;

  private static final Buffer NOTHING = Buffer.buffer();

  private final HazelcastMembership membership;
  private final PeerTransport transport;
  private final boolean isAvailable;
  private final Predicate<NodeId> hasSaidGoodbye;
  private final Predicate<SocketAddress> isRefused;
  private final ScheduledExecutorService thread;
  private final Counter cutOffs;

  /** Addresses of the nodes of the view. */
  private final Map<NodeId, SocketAddress> addresses = new HashMap<>();

  /** Of the view: they left in order, or are proved dead. */
  private final Set<NodeId> dead = new HashSet<>();

  private final Lease lease;
  private View view;
  private volatile long leaseEndNanos;

  /** How many nodes were there when this node last judged whether it may serve. */
  private volatile int seen;

  private volatile Consumer<Boolean> onChange = serving -> {};
  private volatile String reason = "";

  /**
   * Groups what a keeper needs. Immutable.
   *
   * @param hasSaidGoodbye whether a node has announced that it will leave
   * @param silenceMillisMax after so much silence others take this node for gone
   * @param isRefused whether a host that lives refuses connections to an address; may block
   */
  public record Parts(
      HazelcastMembership membership,
      PeerTransport transport,
      SplitMode mode,
      long silenceMillisMax,
      Predicate<NodeId> hasSaidGoodbye,
      Predicate<SocketAddress> isRefused) {}

  /** The views of a node that has joined. */
  public Views(Parts parts, MeterRegistry registry) {
    this.membership = parts.membership();
    this.transport = parts.transport();
    this.isAvailable = parts.mode() == SplitMode.AVAILABLE;
    this.hasSaidGoodbye = parts.hasSaidGoodbye();
    this.isRefused = parts.isRefused();
    this.view = new View(0, membership.inOrder().stream().map(MemberInfo::id).toList());
    long lasts = Math.max(LEASE_MARGIN_MILLIS, parts.silenceMillisMax() - LEASE_MARGIN_MILLIS);
    this.lease = new Lease(membership.self(), TimeUnit.MILLISECONDS.toNanos(lasts));
    view.nodes().forEach(node -> lease.heard(node, System.nanoTime()));
    renewLease();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread created = new Thread(task, "limpet-view-" + membership.self().name());
              created.setDaemon(true);
              return created;
            });
    this.cutOffs =
        Counter.builder("limpet.cluster.cut.offs")
            .description("Times this node had no majority of the last view and stopped serving")
            .register(registry);
    Gauge.builder("limpet.cluster.nodes", membership, members -> members.inOrder().size())
        .description("Nodes that this node sees, itself included")
        .register(registry);
    Gauge.builder("limpet.cluster.serving", this, views -> views.isServing() ? 1 : 0)
        .description("1 while this node may serve: with the majority, or in any case; else 0")
        .register(registry);
    transport.handle(
        FrameKind.VIEW,
        (from, body) -> {
          View theirs = ViewFormat.decode(body);
          run(() -> heard(theirs));
          return CompletableFuture.completedStage(NOTHING);
        });
  }

  /**
   * Asks all peers from now on, twice a second, and looks again while it is cut off, as a host that
   * comes back proves deaths.
   *
   * @param listener told, on this object's thread, when this node stops or begins to serve
   */
  public void start(Consumer<Boolean> listener) {
    onChange = listener;
    var unused =
        thread.scheduleWithFixedDelay(
            () -> guarded(this::tick), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    if (!isServing()) {
      look();
    }
    Buffer words = ViewFormat.encode(view);
    long askedNanos = System.nanoTime();
    for (NodeId peer : view.nodes()) {
      if (!peer.equals(membership.self())) {
        transport
            .ask(peer, FrameKind.VIEW, words)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) { // else the peer does not confirm this node
                    run(() -> confirmed(peer, askedNanos));
                  }
                });
      }
    }
    renewLease();
  }

  private void confirmed(NodeId peer, long askedNanos) {
    lease.heard(peer, askedNanos);
    renewLease();
  }

  private void renewLease() {
    leaseEndNanos = lease.endNanos(view, dead, System.nanoTime());
  }

  /**
   * Whether a majority has confirmed lately that this node belongs to the cluster, so that nobody
   * has gone on without it. Also false at once in a process that was frozen.
   */
  public boolean isConfirmed() {
    return isAvailable
        || (isServing()
            && membership.memberCount() >= seen // else some have gone, and it has not been judged
            && System.nanoTime() - leaseEndNanos < 0);
  }

  /** Whether this node may serve clients. */
  public boolean isServing() {
    return reason.isEmpty();
  }

  /** Says why it may not, in a sentence; empty when it may. */
  public String reason() {
    return reason;
  }

  /** A peer admitted this node: tells it the view. */
  public void linked(NodeId peer) {
    run(() -> transport.tell(peer, FrameKind.VIEW, ViewFormat.encode(view)));
  }

  @Override
  public void joined(MemberInfo node) {
    run(
        () -> {
          lease.heard(node.id(), System.nanoTime());
          look();
        });
  }

  @Override
  public void left(MemberInfo node) {
    boolean inOrder = hasSaidGoodbye.test(node.id());
    run(
        () -> {
          if (inOrder) {
            dead.add(node.id());
          }
          look();
        });
  }

  /** A peer knows a newer view: also one that has let this node in. */
  private void heard(View theirs) {
    if (theirs.number() > view.number()) {
      view = theirs;
      look();
    }
  }

  private void look() {
    List<MemberInfo> members = membership.inOrder();
    members.forEach(member -> addresses.put(member.id(), member.peer()));
    List<NodeId> here = members.stream().map(MemberInfo::id).toList();
    List<NodeId> gone = new ArrayList<>(view.nodes());
    gone.removeAll(here);
    gone.stream().filter(node -> isSucceeded(node, here)).forEach(dead::add);
    gone.removeAll(dead);
    if (!mayServe(here)) {
      gone.stream().filter(this::isProvedDead).forEach(dead::add);
    }
    if (mayServe(here)) {
      serve(here);
    } else {
      cutOff(here, gone);
    }
    seen = here.size();
  }

  private boolean mayServe(List<NodeId> here) {
    return isAvailable || view.isMajority(here, dead);
  }

  /** Whether a node's next life is here. */
  private static boolean isSucceeded(NodeId node, List<NodeId> here) {
    return here.stream().anyMatch(each -> each.name().equals(node.name()));
  }

  private boolean isProvedDead(NodeId node) {
    SocketAddress address = addresses.get(node);
    return address != null && isRefused.test(address);
  }

  private void serve(List<NodeId> here) {
    View before = view;
    view = view.next(here);
    dead.clear();
    addresses.keySet().retainAll(here);
    lease.retain(here);
    renewLease();
    if (!view.equals(before)) {
      tellAll();
    }
    if (!isServing()) {
      reason = "";
      LOG.info("This node is with the majority again and serves clients");
      onChange.accept(true);
    }
  }

  private void cutOff(List<NodeId> here, List<NodeId> gone) {
    boolean before = isServing();
    reason =
        "The node is cut off: it sees "
            + here.stream().filter(view.nodes()::contains).count()
            + " of the "
            + view.nodes().size()
            + " nodes that were together last, and serves no clients (--split consistent).";
    if (before) {
      cutOffs.increment();
      LOG.warn("{} Missing: {}", reason, words(gone));
      onChange.accept(false);
    }
  }

  private static String words(List<NodeId> nodes) {
    return nodes.stream().map(NodeId::name).sorted().collect(Collectors.joining(", "));
  }

  private void tellAll() {
    Buffer words = ViewFormat.encode(view);
    for (NodeId peer : view.nodes()) {
      if (!peer.equals(membership.self())) {
        transport.tell(peer, FrameKind.VIEW, words);
      }
    }
  }

  private void run(Runnable task) {
    try {
      thread.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("The node has stopped: {}", e.getMessage());
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A change of the view was not handled", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
