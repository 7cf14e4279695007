package dev.limpet.broker.guard;

import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Wraps a route table so that it fails in one way only. As thread-safe as its port. */
public final class GuardedRoutes implements RouteTable {
  private final RouteTable port;

  public GuardedRoutes(RouteTable port) {
    this.port = port;
  }

  /** An exception here closes the publisher's connection. */
  @Override
  public void match(TopicName topic, Consumer<? super Route> visitor) {
    port.match(topic, visitor);
  }

  @Override
  public Collection<Route> own() {
    return port.own();
  }

  @Override
  public boolean isOwn(SharedFilter filter, RouteKind kind, int weight) {
    return port.isOwn(filter, kind, weight);
  }

  @Override
  public long version() {
    return port.version();
  }

  @Override
  public CompletionStage<Void> advertise(SharedFilter filter, RouteKind kind, int weight) {
    return Guard.stage("RouteTable.advertise", () -> port.advertise(filter, kind, weight));
  }

  @Override
  public CompletionStage<Void> withdraw(SharedFilter filter, RouteKind kind, int weight) {
    return Guard.stage("RouteTable.withdraw", () -> port.withdraw(filter, kind, weight));
  }
}
