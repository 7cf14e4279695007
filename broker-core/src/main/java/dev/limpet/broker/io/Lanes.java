package dev.limpet.broker.io;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;

/** Holds all lanes of a node: one for each event loop. Immutable. */
public final class Lanes {
  private final List<Lane> all;

  /** One lane for each event loop of the group. */
  public Lanes(EventLoopGroup group) {
    List<Lane> lanes = new ArrayList<>();
    for (EventExecutor executor : group) {
      lanes.add(new Lane(lanes.size(), (EventLoop) executor));
    }
    this.all = List.copyOf(lanes);
  }

  public List<Lane> all() {
    return all;
  }

  /** The lane of an event loop. */
  public Lane of(EventLoop loop) {
    for (Lane lane : all) {
      if (lane.loop() == loop) {
        return lane;
      }
    }
    throw new IllegalArgumentException("not an event loop of this node: " + loop);
  }

  /** The lane on which work for this key is done when no socket decides it. */
  public Lane forKey(Object key) {
    return all.get(Math.floorMod(key.hashCode(), all.size()));
  }
}
