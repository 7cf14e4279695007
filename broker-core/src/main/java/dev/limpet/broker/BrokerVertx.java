package dev.limpet.broker;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/** Makes the Vert.x of one node. Stateless. */
public final class BrokerVertx {

  /** Tests and small machines have two lanes as well, so that what crosses lanes always does. */
  private static final int LANES_MIN = 2;

  private BrokerVertx() {}

  /**
   * A new instance, for the caller to close: on the native transport where there is one, with an
   * event loop, and so a lane, for each core. Vert.x's own choice of two each costs CPU where
   * publications cross lanes, and brings nothing, since nothing blocks a lane.
   */
  public static Vertx start() {
    int lanes = Math.max(LANES_MIN, Runtime.getRuntime().availableProcessors());
    return Vertx.vertx(
        new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(lanes));
  }
}
