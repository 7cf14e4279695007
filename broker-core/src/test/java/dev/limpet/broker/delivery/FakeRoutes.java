package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A route table that notes what it is told, and has the peers' routes a test gives it. */
public final class FakeRoutes implements RouteTable {
  /** "+filter kind" and "-filter kind", with the weight if it is not 1. */
  public final List<String> said = new ArrayList<>();

  private record Own(SharedFilter filter, RouteKind kind, int weight) {}

  private static final NodeId SELF = new NodeId("self", 1);

  private final Set<Own> own = new LinkedHashSet<>();
  public boolean answersAtOnce;
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private List<Route> routes = List.of();
  private long version;

  /** The routes of peers from now on. */
  public void peers(Route... now) {
    routes = List.of(now);
    version++;
  }

  public void answer() {
    waiting.forEach(each -> each.complete(null));
    waiting.clear();
  }

  public void fail() {
    waiting.forEach(
        each -> each.completeExceptionally(new ClusterUnavailableException("test", null)));
    waiting.clear();
  }

  @Override
  public CompletionStage<Void> advertise(SharedFilter filter, RouteKind kind, int weight) {
    own.add(new Own(filter, kind, weight));
    return say("+" + filter + " " + kind + (weight == 1 ? "" : " " + weight));
  }

  @Override
  public CompletionStage<Void> withdraw(SharedFilter filter, RouteKind kind, int weight) {
    own.remove(new Own(filter, kind, weight));
    return say("-" + filter + " " + kind + (weight == 1 ? "" : " " + weight));
  }

  private CompletionStage<Void> say(String what) {
    said.add(what);
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (answersAtOnce) {
      done.complete(null);
    } else {
      waiting.add(done);
    }
    return done;
  }

  @Override
  public Collection<Route> own() {
    return own.stream().map(FakeRoutes::route).toList();
  }

  @Override
  public boolean isOwn(SharedFilter filter, RouteKind kind, int weight) {
    return own.contains(new Own(filter, kind, weight));
  }

  /** This node's last words on routes are lost: those it wanted, and what it wants is added. */
  public void mistake(SharedFilter lost, SharedFilter surplus, RouteKind kind) {
    own.remove(new Own(lost, kind, 1));
    own.add(new Own(surplus, kind, 1));
  }

  private static Route route(Own own) {
    return new Route(SELF, own.filter, own.kind, own.weight);
  }

  @Override
  public void match(TopicName topic, Consumer<? super Route> visitor) {
    routes.stream().filter(each -> each.filter().filter().matches(topic)).forEach(visitor);
  }

  @Override
  public long version() {
    return version;
  }
}
