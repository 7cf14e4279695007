package dev.limpet.cluster.view;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the view of a simulated node: the real {@link View}, {@link Lease} and {@link ViewFormat}
 * under the steps of {@link Views}, with the simulator's clock, members and network around them.
 * Confined to its test.
 */
public final class ViewKeeper {
  private static final long LEASE_MARGIN_MILLIS = 1_500;

  private final NodeId self;
  private final boolean isAvailable;
  private final Surroundings around;
  private final Set<NodeId> dead = new HashSet<>();
  private final Lease lease;
  private View view;
  private long leaseEndNanos;
  private boolean serving = true;

  /** What a keeper sees of the world. */
  public interface Surroundings {
    long nowNanos();

    /** As this node's Hazelcast has them, the oldest first. */
    List<NodeId> members();

    /** Whether its host refuses connections. */
    boolean isRefused(NodeId node);

    void tell(NodeId peer, Buffer words);

    void changed(boolean serving);
  }

  public ViewKeeper(NodeId self, SplitMode mode, long silenceMillisMax, Surroundings around) {
    this.self = self;
    this.isAvailable = mode == SplitMode.AVAILABLE;
    this.around = around;
    this.view = new View(0, around.members());
    this.lease = new Lease(self, (silenceMillisMax - LEASE_MARGIN_MILLIS) * 1_000_000);
    view.nodes().forEach(node -> lease.heard(node, around.nowNanos()));
    renewLease();
  }

  public boolean isServing() {
    return serving;
  }

  public boolean isConfirmed() {
    return isAvailable || (serving && around.nowNanos() - leaseEndNanos < 0);
  }

  public List<NodeId> nodes() {
    return view.nodes();
  }

  public Buffer words() {
    return ViewFormat.encode(view);
  }

  public void confirmed(NodeId peer, long askedNanos) {
    lease.heard(peer, askedNanos);
    renewLease();
  }

  public void renewLease() {
    leaseEndNanos = lease.endNanos(view, dead, around.nowNanos());
  }

  public void joined(NodeId node) {
    lease.heard(node, around.nowNanos());
    look();
  }

  public void heard(Buffer words) {
    View theirs = ViewFormat.decode(new BinaryReader(words));
    if (theirs.number() > view.number()) {
      view = theirs;
      look();
    }
  }

  public void look() {
    List<NodeId> here = around.members();
    List<NodeId> gone = new ArrayList<>(view.nodes());
    gone.removeAll(here);
    gone.stream()
        .filter(node -> here.stream().anyMatch(each -> each.name().equals(node.name())))
        .forEach(dead::add);
    gone.removeAll(dead);
    if (!mayServe(here)) {
      gone.stream().filter(around::isRefused).forEach(dead::add);
    }
    if (mayServe(here)) {
      serve(here);
    } else if (serving) {
      serving = false;
      around.changed(false);
    }
  }

  private boolean mayServe(List<NodeId> here) {
    return isAvailable || view.isMajority(here, dead);
  }

  private void serve(List<NodeId> here) {
    View before = view;
    view = view.next(here);
    dead.clear();
    lease.retain(here);
    renewLease();
    if (!view.equals(before)) {
      view.nodes().stream().filter(node -> !node.equals(self)).forEach(this::tell);
    }
    if (!serving) {
      serving = true;
      around.changed(true);
    }
  }

  private void tell(NodeId peer) {
    around.tell(peer, ViewFormat.encode(view));
  }
}
