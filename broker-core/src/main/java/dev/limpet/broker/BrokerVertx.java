package dev.limpet.broker;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/** Creates the Vert.x a node runs on. Stateless. */
public final class BrokerVertx {

  /** Nodes in tests have two lanes or more, so that calls across lanes always occur. */
  private static final int LANES_EMBEDDED_MIN = 2;

  private BrokerVertx() {}

  /**
   * A new instance for a node embedded in another program, for the caller to close: with a lane for
   * each core, at least two.
   */
  public static Vertx start() {
    return start(Math.max(LANES_EMBEDDED_MIN, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * A new instance, for the caller to close: on the native transport where there is one.
   *
   * @param lanes event loops, at least 1
   * @throws IllegalStateException when an older Netty or Vert.x comes first on the class path
   */
  public static Vertx start(int lanes) {
    ClassPathCheck.require();
    return Vertx.vertx(
        new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(lanes));
  }

  /**
   * The lanes of a node that has its machine to itself: one less than the cores. A publication that
   * crosses lanes costs waking another thread, and collecting garbage, compiling, Hazelcast and the
   * kernel's side of the sockets need a core as well.
   */
  public static int lanesByDefault() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  }
}
